/* Bundles the command line into apps/cli/dist, so that it starts fast and from any Node that fits. */
import { existsSync } from 'node:fs';

if (existsSync('apps/cli/src/main.ts')) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: ['apps/cli/src/main.ts'],
    outdir: 'apps/cli/dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.15',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    external: ['@duckdb/node-api'],
    logLevel: 'warning',
  });
}
