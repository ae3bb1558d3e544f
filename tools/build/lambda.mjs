/*
 * Bundles the Lambda functions: one folder a function with one file, index.mjs, which is all that the function needs. What is
 * native stays out: YARA rules and DuckDB are for the command line, and the functions run on arm64.
 */
import { globSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const source = 'apps/lambda/src';
const handlers = globSync(`${source}/*.ts`).filter((file) => !file.endsWith('.test.ts') && /^export (const|async function) handler\b/m.test(readFileSync(file, 'utf8')));
await Promise.all(
  handlers.map((file) => {
    const outdir = join('apps/lambda/dist', basename(file, '.ts'));
    rmSync(outdir, { recursive: true, force: true });
    return build({
      entryPoints: [file],
      outfile: join(outdir, 'index.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      minify: true,
      // Error names are what Step Functions matches on: they are texts, but class names tell people more.
      keepNames: true,
      external: ['@duckdb/node-api', '@litko/*'],
      // Packages in CommonJS ask for what Node has by require, which a module has to be given.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'warning',
    });
  }),
);
