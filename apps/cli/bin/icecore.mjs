#!/usr/bin/env node
/*
 * Starts icecore on a Node that can run it: the one that runs this if it is new enough, else the one that came with the
 * project's packages. Prefers the bundle, which starts fast; without one it runs from source.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const bundle = fileURLToPath(new URL('../dist/main.mjs', import.meta.url));

if (major > 22 || (major === 22 && minor >= 15)) {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache(fileURLToPath(new URL('../dist/.cache', import.meta.url)));
  await import(existsSync(bundle) ? '../dist/main.mjs' : '../src/main.ts');
} else {
  const require = createRequire(import.meta.url);
  let node;
  try {
    node = require.resolve(`node-linux-${process.arch}/bin/node`);
  } catch {
    console.error(`icecore needs Node 22.15 or newer; this is ${process.version}`);
    process.exit(2);
  }
  const run = spawnSync(node, process.argv.slice(1), { stdio: 'inherit' });
  process.exit(run.status ?? 128);
}
