/**
 * Lists and structs as JSON text: the one form in which Athena and DuckDB give them alike. Athena gives others as a text that
 * cannot be read back (Athena, GetQueryResults).
 */
export function asJson(expression: string): string {
  return `json_format(CAST(${expression} AS json))`;
}
