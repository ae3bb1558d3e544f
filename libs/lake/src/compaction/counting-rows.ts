import { sqlText } from '../sql-text.ts';
import type { Table } from '../table.ts';
import { compactionColumn } from './compactions-table.ts';

/**
 * The end of a statement over `part`, the rows of all parts of a table, that lets those pass that count, in the SQL of both
 * engines: a row of a capture's own part where no compaction holds that capture's rows of the table, else the row of the
 * compaction that counts. `compactions` is the table of that name as the engine reads it; undefined where it has no part.
 *
 * Each is read once, in one statement: whatever is written or removed meanwhile, a row counts once, as long as the rules of
 * `compactLake` are kept.
 */
export function countingRows(table: Pick<Table, 'name'>, compactions: string | undefined): string {
  if (compactions === undefined) return `WHERE part.${compactionColumn} IS NULL`;
  const counting = `SELECT tenant, dt, capture_id, max(${compactionColumn}) AS ${compactionColumn} FROM ${compactions} WHERE strpos(tables, ${sqlText(`,${table.name},`)}) > 0 GROUP BY tenant, dt, capture_id`;
  return `LEFT JOIN (${counting}) AS counting ON counting.tenant = part.tenant AND counting.dt = part.dt AND counting.capture_id = part.capture_id WHERE coalesce(part.${compactionColumn}, '') = coalesce(counting.${compactionColumn}, '')`;
}
