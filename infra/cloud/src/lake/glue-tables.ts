import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import { athenaTableProperties, type AthenaTableOptions, athenaType, athenaView, compactionsTable, partsColumns, partsTable, type Table, tableFolder, trinoType } from '@icecore/lake';
import { allTables } from '@icecore/tables';
import type { Construct } from 'constructs';

/**
 * Every table that the code writes, as the catalogue shows it: the same columns, in the same order, by the same schema. The
 * parts of a table with projected partitions, and over them a view of the table's name with the rows that count.
 */
export function glueTables(scope: Construct, database: CfnDatabase, options: AthenaTableOptions): CfnTable[] {
  const compactions = partsOf(scope, database, compactionsTable, options);
  return [compactions, ...allTables.flatMap((table) => {
    const parts = partsOf(scope, database, table, options);
    const view = viewOf(scope, database, table, options);
    for (const under of [parts, compactions]) view.addResourceDependency(under);
    return [parts, view];
  })];
}

function partsOf(scope: Construct, database: CfnDatabase, table: Table, options: AthenaTableOptions): CfnTable {
  const resource = new CfnTable(scope, `Table-${table.name}`, {
    catalogId: database.catalogId,
    databaseName: options.database,
    tableInput: {
      name: partsTable(table),
      description: table.description,
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', ...athenaTableProperties(table, options) },
      partitionKeys: [{ name: 'tenant', type: 'string' }, { name: 'dt', type: 'date' }],
      storageDescriptor: {
        location: `${options.location}/${tableFolder(table.name)}`,
        columns: Object.entries(partsColumns(table)).map(([name, column]) => ({ name, type: athenaType(column), comment: column.description })),
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe', parameters: { 'serialization.format': '1' } },
      },
    },
  });
  resource.addResourceDependency(database);
  return resource;
}

const partitionTypes = { tenant: ['string', 'varchar'], dt: ['date', 'date'] } as const;

/** A view, in the form in which Athena itself writes one into the catalogue. */
function viewOf(scope: Construct, database: CfnDatabase, table: Table, options: AthenaTableOptions): CfnTable {
  const columns = [
    ...Object.entries(table.columns).map(([name, column]) => ({ name, hive: athenaType(column), trino: trinoType(column), comment: column.description })),
    ...Object.entries(partitionTypes).map(([name, [hive, trino]]) => ({ name, hive, trino, comment: '' })),
  ];
  const definition = { originalSql: athenaView(table, options), catalog: 'awsdatacatalog', schema: options.database, columns: columns.map(({ name, trino }) => ({ name, type: trino })) };
  return new CfnTable(scope, `View-${table.name}`, {
    catalogId: database.catalogId,
    databaseName: options.database,
    tableInput: {
      name: table.name,
      description: table.description,
      tableType: 'VIRTUAL_VIEW',
      parameters: { presto_view: 'true', comment: 'Presto View' },
      partitionKeys: [],
      viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
      viewExpandedText: '/* Presto View */',
      storageDescriptor: { columns: columns.map(({ name, hive, comment }) => ({ name, type: hive, ...(comment === '' ? {} : { comment }) })), serdeInfo: {} },
    },
  });
}
