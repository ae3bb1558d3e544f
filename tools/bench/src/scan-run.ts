/*
 * Scans the memory of an archive and prints how much was found.
 * Usage: node scan-run.mjs ARCHIVE [--workers N] [--yara FILE]
 */
import { parseArgs } from 'node:util';
import { openArchive } from '@icecore/archive';
import { fileSource, folderSpool, scanWithWorkers, yaraEngine } from '@icecore/local';
import { planScan, scanBlocks } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { workers: { type: 'string' }, yara: { type: 'string' } } });
const [path = ''] = positionals;
const options = { spool: folderSpool() };
const file = await fileSource(path);
const archive = await openArchive(file, options);
const plan = await planScan(await openSnapshot(archive, options), archive);
const keyBytes = new Uint8Array(32);
const { hits, runs, scannedBytes } =
  values.workers === undefined
    ? await scanBlocks(plan, 0, plan.blockCount, { key: secretKey(keyBytes), keySchedules: false, ...(values.yara === undefined ? {} : { yara: yaraEngine([values.yara]) }) })
    : await scanWithWorkers({ archive: path, parents: [], keyBytes, indicators: '', yaraFiles: [], keySchedules: false }, plan.blockCount, { workers: Number(values.workers) });
console.log(JSON.stringify({ hits: hits.length, runs, scannedBytes }));
await file.close();
