import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the web part. */
export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

/** Reads the files of the web part, all of them at once: nothing else in the folder is ever served. */
export async function readAssets(folder: string): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const name of await readdir(folder)) {
    const type = types[extname(name)];
    if (type !== undefined) assets.set(name, { bytes: Uint8Array.from(await readFile(join(folder, name))), type });
  }
  return assets;
}

/** The page that every address of the console begins with. It holds no data: those come by requests that need a session. */
export function shell(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="style-nonce" content="${nonce}">
<title>icecore</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/app.css">
<script type="module" src="/assets/app.js"></script>
</head>
<body>
<noscript>The console of icecore needs JavaScript.</noscript>
<div id="app"></div>
</body>
</html>
`;
}
