/*
 * Scans the memory of an archive and prints how much was found, and with threads the moments of it, in seconds since the program began.
 * Usage: node scan.cjs ARCHIVE [--workers N] [--yara FILE]
 */
import { parseArgs } from 'node:util';
import { openArchive } from '@icecore/archive';
import { fileSource, folderSpool, scanWithWorkers, yaraEngine } from '@icecore/local';
import { planScan, scanBlocks, type ScanResult } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { workers: { type: 'string' }, yara: { type: 'string' } } });
const [path = ''] = positionals;
const keyBytes = new Uint8Array(32);
const moments: Record<string, number> = {};

async function scanned(): Promise<ScanResult> {
  if (values.workers !== undefined) {
    const job = { archive: path, parents: [], keyBytes, indicators: '', yaraFiles: values.yara === undefined ? [] : [values.yara], keySchedules: false };
    return scanWithWorkers(job, { workers: Number(values.workers), onMoment: (moment) => void (moments[moment] = performance.now() / 1000) });
  }
  const options = { spool: folderSpool() };
  const file = await fileSource(path);
  const archive = await openArchive(file, options);
  const plan = await planScan(await openSnapshot(archive, options), archive);
  const result = await scanBlocks(plan, 0, plan.blockCount, { key: secretKey(keyBytes), keySchedules: false, ...(values.yara === undefined ? {} : { yara: yaraEngine([values.yara]) }) });
  await file.close();
  return result;
}

void scanned().then(({ hits, runs, scannedBytes }) => console.log(JSON.stringify({ hits: hits.length, runs, scannedBytes, ...moments })));
