/*
 * Bundles the trigger: `apps/trigger/dist/main.mjs` and the pieces that it loads when a role or a setting asks for them, so
 * that a role holds no code in memory that it does not run.
 */
import { globSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const outdir = 'apps/trigger/dist';
for (const old of globSync(`${outdir}/*.mjs`)) rmSync(old);
await build({
  entryPoints: { main: 'apps/trigger/src/main.ts' },
  outdir,
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  // Packages that are CommonJS ask for Node's own modules by this name.
  banner: { js: "import { createRequire as icecoreRequire } from 'node:module'; const require = icecoreRequire(import.meta.url);" },
  external: ['@duckdb/node-api', '@litko/*'],
  logLevel: 'warning',
});
