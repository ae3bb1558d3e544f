/*
 * Measures the steps of an analysis on this machine and writes scale/durations.json, which the simulation takes its durations
 * from. `node scale/record.mjs`, with ICECORE_SCALE_MIB=256,1024 for other sizes. Processor time is what is kept: it holds
 * where the machine is busy.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(process.env.ICECORE_ROOT ?? join(import.meta.dirname, '../../..'));
const load = (path) => import(join(root, path));
const { analyzeLocally } = await load('libs/local/src/index.ts');
const { resumeSha256 } = await load('libs/pipeline/src/resumable-sha256.ts');
const { writeLargeArchive } = await load('tools/bench/src/large-archive.ts');

const sample = join(root, 'samples/podman-attack.tar.zst');
const sizes = (process.env.ICECORE_SCALE_MIB ?? '64,256,1024').split(',').map(Number);
const rounds = 3;
const folder = mkdtempSync(join(tmpdir(), 'icecore-scale-'));
try {
  const runs = [];
  for (const mebibytes of sizes) {
    const path = join(folder, `${mebibytes}.tar`);
    await writeLargeArchive(sample, path, mebibytes * 2 ** 20);
    const measured = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await measure(path));
    const steps = Object.fromEntries(Object.keys(measured[0]).map((step) => [step, Number(Math.min(...measured.map((each) => each[step] ?? 0)).toFixed(3))]));
    runs.push({ memoryMiB: mebibytes, archiveBytes: statSync(path).size, processorSeconds: steps });
    console.log(mebibytes, steps);
    rmSync(path);
  }
  const measuredAt = new Date().toISOString().slice(0, 10);
  const how = `The steps of an analysis, run embedded with one thread over samples/podman-attack.tar.zst with its memory repeated to the size given; processor time (user and system, all threads) from entering a state to leaving it, the least of ${rounds} runs. Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}.`;
  const hashing = { nativeMiBPerSecond: rate((bytes) => createHash('sha256').update(bytes).digest()), resumableMiBPerSecond: rate((bytes) => resumeSha256().update(bytes)) };
  writeFileSync(join(import.meta.dirname, 'durations.json'), `${JSON.stringify({ measuredAt, how, hashing, runs }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(path) {
  const lake = mkdtempSync(join(folder, 'lake-'));
  const seconds = {};
  const entered = new Map();
  const onEvent = ({ kind, place }) => {
    const step = place.split('/')[0] === 'scan' && place.includes('/') ? undefined : place;
    if (step === undefined) return;
    if (kind === 'entered') entered.set(step, process.cpuUsage());
    const began = entered.get(step);
    if (kind !== 'succeeded' || began === undefined) return;
    const { user, system } = process.cpuUsage(began);
    seconds[step] = (user + system) / 1e6;
  };
  const options = { lake, tenant: 'default', cluster: undefined, node: undefined, keyBytes: randomBytes(32), indicators: '', yaraFiles: [], tool: { name: 'icecore', version: '0' }, workers: 1, onEvent };
  await using _ = await analyzeLocally({ kind: 'file', archive: path, parents: [] }, options);
  rmSync(lake, { recursive: true, force: true });
  return Object.fromEntries(['verify', 'inventory', 'decode', 'scan', 'detect', 'tables', 'publish'].map((step) => [step, seconds[step] ?? 0]));
}

/** Mebibytes a second of processor time. */
function rate(hash) {
  const bytes = randomBytes(64 * 2 ** 20);
  hash(bytes);
  let best = 0;
  for (let round = 0; round < rounds; round += 1) {
    const began = process.cpuUsage();
    hash(bytes);
    const { user, system } = process.cpuUsage(began);
    best = Math.max(best, 64 / ((user + system) / 1e6));
  }
  return Math.round(best);
}
