import { buildSync } from 'esbuild';

/** What a grammar says against a statement; empty where it reads it. */
export type Validate = (sql: string) => readonly string[];

/** The Trino grammar of dt-sql-parser, whose modules import folders and so must be bundled before Node takes them. */
export async function trinoGrammar(): Promise<Validate> {
  const { outputFiles } = buildSync({
    stdin: { contents: `export { TrinoSQL } from 'dt-sql-parser';`, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'error',
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? new Uint8Array()).toString('base64');
  const loaded: unknown = await import(`data:text/javascript;base64,${code}`);
  const parser = new (classOf(loaded))();
  return (sql) => parser.validate(sql).map(({ message, startLine }) => `line ${startLine}: ${message}`);
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
