import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import { athenaTableProperties, type AthenaTableOptions, athenaType, tableFolder } from '@icecore/lake';
import { allTables } from '@icecore/tables';
import type { Construct } from 'constructs';

/** Every table that the code writes, as the catalogue shows it: the same columns, in the same order, by the same schema. */
export function glueTables(scope: Construct, database: CfnDatabase, options: AthenaTableOptions): CfnTable[] {
  return allTables.map((table) => {
    const resource = new CfnTable(scope, `Table-${table.name}`, {
      catalogId: database.catalogId,
      databaseName: options.database,
      tableInput: {
        name: table.name,
        description: table.description,
        tableType: 'EXTERNAL_TABLE',
        parameters: { EXTERNAL: 'TRUE', ...athenaTableProperties(table, options) },
        partitionKeys: [{ name: 'tenant', type: 'string' }, { name: 'dt', type: 'date' }],
        storageDescriptor: {
          location: `${options.location}/${tableFolder(table.name)}`,
          columns: Object.entries(table.columns).map(([name, column]) => ({ name, type: athenaType(column), comment: column.description })),
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe', parameters: { 'serialization.format': '1' } },
        },
      },
    });
    resource.addResourceDependency(database);
    return resource;
  });
}
