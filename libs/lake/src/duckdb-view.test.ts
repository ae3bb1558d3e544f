import { defineTable, duckdbCompactions, duckdbType, duckdbView, nullable, structList, text, timestamp } from './index.ts';

const table = defineTable({
  name: 'open_files',
  description: "A process's open file.",
  version: 1,
  columns: { path: text("The file's path."), locks: structList({ kind: text('Kind.'), at: nullable(timestamp('When.')) }, 'Locks.') },
  sortBy: ['path'],
});

describe('a view in DuckDB', () => {
  const [view = '', ...comments] = duckdbView(table, { root: "/lake's", hasParts: true, hasCompactions: true });

  it('reads the parts with pinned partition types, and gives each column its type', () => {
    expect(view).toContain(
      `read_parquet('/lake''s/v1/open_files/tenant=*/dt=*/*.parquet', hive_partitioning = true, hive_types = {'tenant': VARCHAR, 'dt': DATE}, union_by_name = true)`,
    );
    expect(view).toContain('CAST(part."path" AS VARCHAR) AS "path"');
    expect(view).toContain('CAST(part."captured_at" AS TIMESTAMP) AS "captured_at"');
  });

  it('reads nothing where the table has no part', () => {
    expect(duckdbView(table, { root: '/lake', hasParts: false, hasCompactions: false }).join()).not.toContain('read_parquet');
  });

  it('shows what counts: of a capture that was compacted the rows of the compaction, of others their own', () => {
    expect(view).toMatch(/LEFT JOIN \(SELECT tenant, dt, capture_id, max\(compaction\) AS compaction FROM icecore\.compactions WHERE strpos\(tables, ',open_files,'\) > 0/);
    expect(duckdbCompactions("/lake's").at(-1)).toMatch(/^CREATE OR REPLACE TABLE icecore\.compactions AS SELECT .* FROM read_parquet\('\/lake''s\/v1\/compactions\//);
    expect(view).toContain(`WHERE coalesce(part.compaction, '') = coalesce(counting.compaction, '')`);
    expect(duckdbView(table, { root: '/lake', hasParts: true, hasCompactions: false })[0]).toMatch(/ WHERE part\.compaction IS NULL$/);
  });

  it('says what table and columns mean', () => {
    expect(comments).toContain(`COMMENT ON VIEW "open_files" IS 'A process''s open file.'`);
    expect(comments).toContain(`COMMENT ON COLUMN "open_files"."path" IS 'The file''s path.'`);
    expect(comments).toHaveLength(1 + Object.keys(table.columns).length);
  });

  it('names the fields of structs', () => {
    expect(Object.values(table.ownColumns).map(duckdbType)).toEqual(['VARCHAR', 'STRUCT("kind" VARCHAR, "at" TIMESTAMP)[]']);
  });
});
