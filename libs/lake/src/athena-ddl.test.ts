import { athenaTable, athenaTableProperties, athenaType, athenaView, compactionsTable, defineTable, nullable, structList, text, textList, timestamp, trinoType } from './index.ts';

const table = defineTable({
  name: 'open_files',
  description: "A process's open file.",
  version: 1,
  columns: {
    path: text("The file's path."),
    flags: textList('Flags by name.'),
    locks: structList({ kind: text('Kind.'), at: nullable(timestamp('When.')) }, 'Locks.'),
  },
  sortBy: ['path'],
});

const options = { database: 'icecore', location: 's3://lake-bucket/data', tenants: ['default', 'team-b'], firstDate: '2025-01-01' };

describe('a table in Athena', () => {
  it('is defined with its columns, their meaning, and projected partitions', () => {
    const ddl = athenaTable(table, options);
    expect(ddl.split('\n').filter((line) => !/`(schema_version|capture|cluster|node|namespace|pod|container|image|archive)/.test(line))).toEqual([
      'CREATE EXTERNAL TABLE IF NOT EXISTS `icecore`.`open_files_parts` (',
      "  `path` string COMMENT 'The file\\'s path.',",
      "  `flags` array<string> COMMENT 'Flags by name.',",
      "  `locks` array<struct<kind:string,at:timestamp>> COMMENT 'Locks.',",
      "  `compaction` string COMMENT 'Name of the compaction that the row belongs to.'",
      ')',
      "COMMENT 'A process\\'s open file.'",
      'PARTITIONED BY (`tenant` string, `dt` date)',
      'STORED AS PARQUET',
      "LOCATION 's3://lake-bucket/data/v1/open_files/'",
      'TBLPROPERTIES (',
      "  'classification' = 'parquet',",
      "  'parquet.compression' = 'ZSTD',",
      "  'projection.enabled' = 'true',",
      "  'projection.tenant.type' = 'enum',",
      "  'projection.tenant.values' = 'default,team-b',",
      "  'projection.dt.type' = 'date',",
      "  'projection.dt.format' = 'yyyy-MM-dd',",
      "  'projection.dt.range' = '2025-01-01,NOW+1DAYS',",
      "  'projection.dt.interval' = '1',",
      "  'projection.dt.interval.unit' = 'DAYS',",
      "  'storage.location.template' = 's3://lake-bucket/data/v1/open_files/tenant=${tenant}/dt=${dt}/'",
      ')',
    ]);
    expect(ddl).toContain('  `schema_version` int COMMENT');
    expect(ddl).toContain('  `captured_at` timestamp COMMENT');
  });

  it('is asked through a view of its name, which shows the rows that count', () => {
    const sql = athenaView(table, options);
    expect(sql).toMatch(/^SELECT part\."schema_version", .*part\."path", part\."flags", part\."locks", part\.tenant, part\.dt FROM "icecore"\."open_files_parts" AS part LEFT JOIN /);
    expect(sql).toMatch(/FROM "icecore"\."compactions" WHERE strpos\(tables, ',open_files,'\) > 0 GROUP BY tenant, dt, capture_id\)/);
    expect(sql).toMatch(/ WHERE coalesce\(part\.compaction, ''\) = coalesce\(counting\.compaction, ''\)$/);
    expect(Object.values(table.ownColumns).map(trinoType)).toEqual(['varchar', 'array(varchar)', 'array(row(kind varchar, at timestamp(3)))']);
  });

  it('has the compactions beside it, as a table of their own', () => {
    const ddl = athenaTable(compactionsTable, options);
    expect(ddl).toContain('CREATE EXTERNAL TABLE IF NOT EXISTS `icecore`.`compactions` (');
    expect(ddl.match(/`compaction` string/g)).toHaveLength(1);
  });

  it('can demand that queries name their tenant', () => {
    expect(athenaTableProperties(table, { ...options, tenants: 'injected' })).toMatchObject({ 'projection.tenant.type': 'injected' });
    expect(athenaTableProperties(table, { ...options, tenants: 'injected' })).not.toHaveProperty(['projection.tenant.values']);
  });

  it.each([
    ['database', { database: 'x`; DROP' }],
    ['location', { location: "s3://bucket/a'b" }],
    ['location with a slash at its end', { location: 's3://bucket/a/' }],
    ['tenant', { tenants: ['a,b'] }],
    ['empty list of tenants', { tenants: [] }],
    ['first date', { firstDate: 'yesterday' }],
  ])('refuses an unsafe %s', (_, change) => {
    expect(() => athenaTable(table, { ...options, ...change })).toThrow(expect.objectContaining({ code: 'invalid_name' }));
  });

  it('knows no unsigned types', () => {
    expect(Object.values(table.columns).map(athenaType).join()).not.toMatch(/unsigned|uint/i);
  });
});
