import type { DuckDBConnection } from '@duckdb/node-api';
import { LakeError } from '@icecore/lake';

/** Longest statement, in characters; Athena's limit. */
export const maxSqlLength = 262_144;

/**
 * Functions that may stand in FROM. The rest reads files, changes the engine (`enable_logging`), or runs text as
 * SQL (`query`) past this check.
 */
const tableFunctions = new Set(['generate_series', 'json_each', 'json_tree', 'range', 'unnest']);

/** The tables that a statement names, in lower case; `all` where it asks what tables there are, or what is in them. */
export type NamedTables = ReadonlySet<string> | 'all';

/**
 * Reads a text that is exactly one SELECT over tables and harmless functions, and tells the tables that it names. Rejects with
 * a `LakeError` (`query_refused`) for anything else, before DuckDB has bound or run any of it.
 */
export async function readSelect(connection: DuckDBConnection, sql: string): Promise<NamedTables> {
  if (sql.length > maxSqlLength) throw new LakeError('limit', `the statement has ${sql.length} characters, at most ${maxSqlLength}`);
  const tree = await syntaxTree(connection, sql);
  const count = Array.isArray(tree.statements) ? tree.statements.length : 0;
  if (count !== 1) throw new LakeError('query_refused', `expected one statement, got ${count}`);
  for (const name of calledTables(tree)) {
    if (!tableFunctions.has(name)) throw new LakeError('query_refused', `${name} cannot be called in FROM`);
  }
  return namedTables(tree);
}

/** Names of the engine's own tables about tables. */
const aboutTables = /^(?:duckdb|pg|pragma|sqlite)_/;

function namedTables(tree: Node): NamedTables {
  const named = new Set<string>();
  for (const { type, schema_name: schema, table_name: name } of nodesIn(tree)) {
    if (type === 'SHOW_REF') return 'all';
    if (type !== 'BASE_TABLE') continue;
    const table = String(name).toLowerCase();
    if (aboutTables.test(table) || !['', 'main'].includes(String(schema).toLowerCase())) return 'all';
    named.add(table);
  }
  return named;
}

type Node = Readonly<Record<string, unknown>>;

/** DuckDB's own syntax tree of a text. It has one for SELECT statements only. */
async function syntaxTree(connection: DuckDBConnection, sql: string): Promise<Node> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql(CAST($1 AS VARCHAR))', [sql]);
  const tree: unknown = JSON.parse(String(reader.getRows()[0]?.[0]));
  if (!isNode(tree)) throw new LakeError('query_refused', 'only SELECT is allowed');
  if (tree.error === false) return tree;
  if (tree.error_type === 'not implemented') throw new LakeError('query_refused', 'only SELECT is allowed');
  throw new LakeError('query_failed', String(tree.error_message));
}

/** Names of the functions that stand in FROM, anywhere in the tree. */
function* calledTables(tree: unknown): Generator<string> {
  for (const node of nodesIn(tree)) {
    if (node.type === 'TABLE_FUNCTION') yield isNode(node.function) ? String(node.function.function_name).toLowerCase() : '';
  }
}

function* nodesIn(tree: unknown): Generator<Node> {
  const open = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!isNode(node)) continue;
    yield node;
    for (const child of Object.values(node)) if (isNode(child)) open.push(child);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
