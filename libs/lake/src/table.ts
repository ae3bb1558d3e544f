import { captureColumns } from './capture-columns.ts';
import { type Column, type Columns, type PlainColumn, integer, type ValuesOf } from './column.ts';
import { LakeError } from './errors.ts';

/** The columns that every table begins with. */
export type LeadingColumns = { readonly schema_version: PlainColumn<'integer', false> } & typeof captureColumns;

const leadingColumns: LeadingColumns = {
  schema_version: integer('Version of the table that the row was written with.'),
  ...captureColumns,
};

/** A table of the lake. */
export interface Table<Own extends Columns = Columns> {
  /** Name in SQL and in paths; snake_case. */
  readonly name: string;
  /** What one row stands for. */
  readonly description: string;
  /** Counts up with each column that is added. Columns are only ever added, never changed, renamed or dropped. */
  readonly version: number;
  /** All columns in stored order: the leading ones, then the table's own. */
  readonly columns: Columns;
  /** The columns that the table adds to the leading ones. */
  readonly ownColumns: Own;
  /** Names of the columns that rows are sorted by; where these are equal, all columns in order decide. */
  readonly sortBy: readonly string[];
}

/** A row of a table, as a program gives it. `schema_version` is the table's and is written by itself. */
export type RowOf<T extends Table> = CaptureRow & ValuesOf<T['ownColumns']>;

/** The values that the rows of one container in one capture share. */
export type CaptureRow = ValuesOf<typeof captureColumns>;

/** What makes a table. */
export interface TableDefinition<Own extends Columns> {
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly columns: Own;
  readonly sortBy: readonly (string & keyof (LeadingColumns & Own))[];
}

const snakeCase = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const partitionColumns = ['tenant', 'dt'];

/** Defines a table. Throws a `LakeError` (`invalid_table`) where the definition breaks the lake's rules. */
export function defineTable<const Own extends Columns>(definition: TableDefinition<Own>): Table<Own> {
  const { name, description, version, columns: ownColumns, sortBy } = definition;
  requireName(name, 'table');
  requireDescription(description, name);
  if (!Number.isInteger(version) || version < 1) throw refused(`${name}: version ${version} is not 1 or more`);
  for (const column of Object.keys(ownColumns)) {
    if (Object.hasOwn(leadingColumns, column)) throw refused(`${name}.${column}: every table has this column already`);
  }
  const columns: Columns = { ...leadingColumns, ...ownColumns };
  requireColumns(columns, name);
  for (const column of sortBy) {
    if (!Object.hasOwn(columns, column)) throw refused(`${name}: sorted by ${column}, which is no column of it`);
  }
  return { name, description, version, columns, ownColumns, sortBy };
}

function requireColumns(columns: Columns, path: string): void {
  if (Object.keys(columns).length === 0) throw refused(`${path}: has no columns`);
  for (const [name, column] of Object.entries(columns)) requireColumn(name, column, path);
}

function requireColumn(name: string, column: Column, path: string): void {
  requireName(name, `${path}.`);
  if (partitionColumns.includes(name)) throw refused(`${path}.${name}: the name belongs to the partition`);
  requireDescription(column.description, `${path}.${name}`);
  if (column.kind === 'struct_list') requireColumns(column.fields, `${path}.${name}`);
}

function requireName(name: string, place: string): void {
  if (!snakeCase.test(name) || name.length > 60) throw refused(`${place} ${name}: not a name in snake_case`);
}

function requireDescription(description: string, place: string): void {
  if (!/^[^\p{Cc}\\]{3,250}$/u.test(description)) {
    throw refused(`${place}: the description must be one line of 3 to 250 characters without backslash`);
  }
}

function refused(message: string): LakeError {
  return new LakeError('invalid_table', message);
}
