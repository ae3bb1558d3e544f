import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { type CheckpointArchive, openArchive } from '@icecore/archive';
import { type BlockRange, lateGaps, type ScannedRange } from '@icecore/pipeline';
import { blockScanner, parseWatchList, planScan, scanBlocks } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';
import { fileSource } from './file-source.ts';
import { folderSpool } from './spool.ts';
import { yaraEngine } from './yara-engine.ts';

/** What a worker scans and by what; everything in it can be sent to a thread. */
export interface ScanJob {
  /** Path of the archive, and of those that it builds on, the nearest first. */
  readonly archive: string;
  readonly parents: readonly string[];
  /** Bytes of the tenant's key for HMACs of secrets. */
  readonly keyBytes: Uint8Array;
  /** The user's indicators, as `parseWatchList` reads them. */
  readonly indicators: string;
  readonly yaraFiles: readonly string[];
  readonly keySchedules: boolean;
}

/** How many blocks there are, once the archive is open; then what each range gave. */
export type WorkerAnswer = ScannedRange | { readonly failure: string } | { readonly blockCount: number };

/** Runs in a thread of its own: opens the archive once and scans the ranges that it is sent. */
export async function runScanWorker(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('a scan worker runs in a worker thread');
  const job: ScanJob = workerData;
  const options = { spool: folderSpool() };
  const open = async (path: string): Promise<CheckpointArchive> => openArchive(await fileSource(path), options);
  const archive = await open(job.archive);
  const parents = await Promise.all(job.parents.map(open));
  const plan = await planScan(await openSnapshot(archive, { ...options, parents }), archive);
  const scanOptions = {
    key: secretKey(job.keyBytes),
    watch: parseWatchList(job.indicators),
    keySchedules: job.keySchedules,
    ...(job.yaraFiles.length === 0 ? {} : { yara: yaraEngine(job.yaraFiles) }),
  };
  const scanner = blockScanner(scanOptions);
  port.on('message', ({ first, end }: BlockRange) => {
    const late = lateGaps(plan.snapshot);
    scanBlocks(plan, first, end, { ...scanOptions, scanner }).then(
      (result) => port.postMessage({ result, snapshotGaps: late() } satisfies WorkerAnswer),
      (error: unknown) => port.postMessage({ failure: error instanceof Error ? error.message : String(error) } satisfies WorkerAnswer),
    );
  });
  port.postMessage({ blockCount: plan.blockCount } satisfies WorkerAnswer);
  // A thread is ended from outside, and would keep for itself what it compiled.
  if (typeof flushCompileCache === 'function') flushCompileCache();
}
