#!/usr/bin/env node
/*
 * Starts icecore on a Node that can run it: the one that runs this if it is new enough, else the one that came with the
 * project's packages. Prefers the bundle, which starts fast; without one it runs from source. This file and the bundle
 * are CommonJS because Node then starts without its loader of ES modules, which takes a third of the time of a triage.
 */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const bundle = join(__dirname, '../dist/main.cjs');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 15)) {
  require('node:module').enableCompileCache(join(__dirname, '../dist/.cache'));
  if (existsSync(bundle)) require(bundle);
  else void import('../src/main.ts');
} else {
  let node;
  try {
    node = require.resolve(`node-linux-${process.arch}/bin/node`);
  } catch {
    console.error(`icecore needs Node 22.15 or newer; this is ${process.version}`);
    process.exit(2);
  }
  const run = require('node:child_process').spawnSync(node, process.argv.slice(1), { stdio: 'inherit' });
  process.exit(run.status ?? 128);
}
