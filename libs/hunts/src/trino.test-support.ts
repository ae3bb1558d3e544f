import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** What a grammar says against a statement; empty where it reads it. */
export type Validate = (sql: string) => readonly string[];

/** The Trino grammar of dt-sql-parser, whose modules import folders and so must be bundled before Node takes them. */
export function trinoGrammar(): Validate {
  const folder = mkdtempSync(join(tmpdir(), 'icecore-trino-'));
  const outfile = join(folder, 'trino.cjs');
  try {
    buildSync({ stdin: { contents: `export { TrinoSQL } from 'dt-sql-parser';`, resolveDir: import.meta.dirname }, outfile, bundle: true, format: 'cjs', platform: 'node', logLevel: 'error' });
    const loaded: unknown = createRequire(import.meta.url)(outfile);
    const parser = new (classOf(loaded))();
    return (sql) => parser.validate(sql).map(({ message, startLine }) => `line ${startLine}: ${message}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Parser {
  validate(sql: string): readonly { readonly message: string; readonly startLine: number }[];
}

function classOf(loaded: unknown): new () => Parser {
  if (typeof loaded === 'object' && loaded !== null && 'TrinoSQL' in loaded && isClass(loaded.TrinoSQL)) return loaded.TrinoSQL;
  throw new TypeError('dt-sql-parser has no TrinoSQL');
}

function isClass(value: unknown): value is new () => Parser {
  return typeof value === 'function';
}
