import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const web = join(dirname(fileURLToPath(import.meta.url)), '../../libs/console/src/web');

/** Bundles the console's web part into a folder: scripts in pieces, so that a page loads the editor when it has one. */
export async function buildConsole(outdir) {
  const { metafile } = await build({
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
    metafile: true,
    plugins: [{ name: 'what-is-used-alone', setup: keepWhatIsUsed }],
  });
  const needed = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  if (needed.length > 0) throw new Error(`the console's web part needs ${needed.map(({ path }) => path).join(', ')}, which no browser has`);
  await build({ entryPoints: { app: join(web, 'style/app.css') }, outdir, bundle: true, minify: true, logLevel: 'warning' });
  mkdirSync(outdir, { recursive: true });
  cpSync(join(web, 'style/icon.svg'), join(outdir, 'icon.svg'));
}

/**
 * The libraries do nothing when they are loaded, so what of them is not used stays out; with it goes what only Node has.
 */
function keepWhatIsUsed({ onResolve, resolve }) {
  onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
  onResolve({ filter: /^(?:@icecore\/|\.{1,2}\/)/ }, async ({ path, pluginData, ...from }) => {
    if (pluginData === keepWhatIsUsed || from.kind === 'entry-point') return undefined;
    // What the libraries load late, such as codecs, is for Node.
    if (from.kind === 'dynamic-import' && !from.importer.startsWith(web)) return { path, external: true };
    const found = await resolve(path, { ...from, pluginData: keepWhatIsUsed });
    return found.errors.length > 0 || !found.path.includes('/libs/') ? found : { ...found, sideEffects: false };
  });
}
