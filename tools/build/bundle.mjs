/*
 * Bundles the command line: one file a command and one that picks it, so that a command loads nothing that it does not
 * need. CommonJS, because Node starts its loader of ES modules only when it is asked for one. What the console shows in
 * a browser lies beside them.
 */
import { globSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { buildConsole } from './console.mjs';

const outdir = 'apps/cli/dist';
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: ['apps/cli/src/main.ts', 'apps/cli/src/help.ts', 'apps/cli/src/cloud.ts', 'apps/cli/src/redacted-copy.ts', ...globSync('apps/cli/src/commands/*.ts'), 'libs/local/src/scan-worker-entry.ts'],
  entryNames: '[name]',
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22.15',
  supported: { 'dynamic-import': false },
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  keepNames: false,
  external: ['@duckdb/node-api', '@litko/*', '@alexaltea/*'],
  logLevel: 'warning',
  // Where it is empty, the code that asks takes __dirname.
  logOverride: { 'empty-import-meta': 'silent' },
  plugins: [{ name: 'one-file-a-command', setup: keepCommandsApart }],
});
await buildConsole(`${outdir}/console`);

/** What is imported when a command is chosen is a file beside this one. */
function keepCommandsApart({ onResolve }) {
  onResolve({ filter: /^\.{1,2}\/(commands\/[\w-]+|commands|help|cloud|redacted-copy)\.ts$/ }, ({ path, kind }) =>
    kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.cjs`, external: true } : undefined,
  );
}
