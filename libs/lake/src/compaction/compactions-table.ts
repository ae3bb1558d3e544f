import { type Column, type Columns, integer, text, timestamp } from '../column.ts';
import type { Table } from '../table.ts';

const columns: Columns = {
  schema_version: integer('Version of the table that the row was written with.'),
  capture_id: text('Name of the capture.'),
  compaction: text('Name of the compaction; where a capture has several for a table, the greatest counts.'),
  tables: text('Tables whose rows of the capture lie in the parts of the compaction: each between commas.'),
  compacted_at: timestamp('When the compaction was made to count, in UTC.'),
};

/**
 * Which captures lie in compacted parts. A row here is what makes the rows of a compacted part count, and those of the part
 * they are from no longer: one small file is written, and all of a compaction is switched at once.
 */
export const compactionsTable: Table = {
  name: 'compactions',
  description: 'One capture whose rows were moved into larger parts.',
  version: 1,
  columns,
  ownColumns: columns,
  sortBy: ['capture_id'],
};

/** Name of the column that compacted parts have besides the table's own: the compaction that wrote the row. */
export const compactionColumn = 'compaction';

/**
 * The table as compacted parts hold it: rows of several versions lie there together, so that a column that some of them do
 * not have can be NULL; and each row tells which compaction it belongs to.
 */
export function compactedTable(table: Table): Table {
  return { ...table, columns: { ...allNullable(table.columns), [compactionColumn]: text('Name of the compaction that the row belongs to.') } };
}

function allNullable(of: Columns): Columns {
  return Object.fromEntries(Object.entries(of).map(([name, column]) => [name, orNull(column)]));
}

function orNull(column: Column): Column {
  return column.kind === 'struct_list' ? { ...column, nullable: true, fields: allNullable(column.fields) } : { ...column, nullable: true };
}
