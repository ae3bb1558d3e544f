import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const web = join(dirname(fileURLToPath(import.meta.url)), '../../libs/console/src/web');

/** Bundles the console's web part into a folder: scripts in pieces, so that a page loads the editor when it has one. */
export async function buildConsole(outdir) {
  await build({
    entryPoints: { app: join(web, 'main.tsx') },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    chunkNames: 'part-[hash]',
    logLevel: 'warning',
  });
  await build({ entryPoints: { app: join(web, 'style/app.css') }, outdir, bundle: true, minify: true, logLevel: 'warning' });
  mkdirSync(outdir, { recursive: true });
  cpSync(join(web, 'style/icon.svg'), join(outdir, 'icon.svg'));
}
