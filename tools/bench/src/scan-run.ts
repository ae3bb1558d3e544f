/* Scans an archive's memory as `icecore analyze` does, on one core, and prints what was found. Usage: node scan-run.ts ARCHIVE */
import { openArchive } from '@icecore/archive';
import { fileSource, folderSpool } from '@icecore/local';
import { planScan, scanBlocks } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';

const file = await fileSource(process.argv[2] ?? '');
const options = { spool: folderSpool() };
const archive = await openArchive(file, options);
const plan = await planScan(await openSnapshot(archive, options), archive);
const { hits, runs, scannedBytes } = await scanBlocks(plan, 0, plan.blockCount, { key: secretKey(new Uint8Array(32)), keySchedules: process.argv.includes('--key-schedules') });
console.log(JSON.stringify({ hits: hits.length, runs, scannedBytes }));
await file.close();
