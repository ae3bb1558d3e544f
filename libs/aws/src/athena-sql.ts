import { LakeError, type QueryParameter, type QueryValue } from '@icecore/lake';

/** Texts, quoted names and comments of SQL, and what separates statements. */
const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|;/g;

/**
 * The statement, where it is exactly one and one that reads: a SELECT, alone or after WITH, or VALUES. Throws a `LakeError`
 * (`query_refused`) for any other. Who asks may be allowed no more by Athena either; here it is told before anything is started.
 */
export function requireReading(sql: string): string {
  let ends = 0;
  const bare = sql.replaceAll(tokens, (token) => {
    if (token === ';') ends += 1;
    return token === ';' ? ';' : token.startsWith('-') || token.startsWith('/') ? ' ' : "''";
  });
  const statement = bare.trim().replace(/;\s*$/, '');
  if (statement.includes(';')) throw new LakeError('query_refused', 'takes one statement');
  if (!/^\(*\s*(?:select|with|values)\b/i.test(statement)) throw new LakeError('query_refused', 'takes a statement that reads: SELECT, WITH or VALUES');
  return ends === 0 ? sql : sql.trim().replace(/;\s*$/, '');
}

/** A parameter as Athena takes it: the text of a literal (StartQueryExecution, `ExecutionParameters`). */
export function athenaLiteral(value: QueryParameter): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'number' && !Number.isFinite(value)) throw new LakeError('query_refused', `${value} is no number of SQL`);
  return String(value);
}

/** A value of a result, which Athena gives as text, by its column's type. */
export function athenaValue(type: string, text: string | undefined): QueryValue {
  if (text === undefined) return null;
  switch (type.toLowerCase()) {
    case 'boolean':
      return text === 'true';
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'double':
    case 'float':
    case 'real':
      return Number(text);
    case 'bigint':
      return BigInt(text);
    case 'timestamp':
    case 'timestamp with time zone':
      return text.replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d+)?(?: UTC)?$/, (_all, day: string, time: string, part: string | undefined) => `${day}T${time}${part ?? '.000'}Z`);
    case 'varbinary':
      return text.replaceAll(' ', '').toLowerCase();
    default:
      return text;
  }
}
