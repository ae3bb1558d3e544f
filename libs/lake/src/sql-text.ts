/** A text as an SQL literal, for DuckDB and Trino. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a quoted SQL identifier, for DuckDB and Trino. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
