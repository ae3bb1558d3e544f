import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { joinScans, type ScanResult } from '@icecore/scan';
import type { ScanJob, ScanRange, WorkerAnswer } from './scan-worker.ts';

/** Blocks of a mebibyte that a worker gets at once: few, so that all workers end together. */
const rangeBlocks = 16;

export interface ScanWorkersOptions {
  readonly workers: number;
  readonly onProgress?: (doneBlocks: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Scans all blocks of an archive's plan in threads. The result is the same, hit for hit, as that of one thread: what a
 * block gives depends on the block alone, and ranges are joined in their order.
 */
export async function scanWithWorkers(job: ScanJob, blockCount: number, { workers, onProgress, signal }: ScanWorkersOptions): Promise<ScanResult> {
  const ranges: ScanRange[] = [];
  for (let first = 0; first < blockCount; first += rangeBlocks) ranges.push({ first, end: Math.min(blockCount, first + rangeBlocks) });
  const results: ScanResult[] = [];
  let next = 0;
  let done = 0;
  const work = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const send = (): void => {
        const range = ranges[next++];
        if (range === undefined) resolve();
        else worker.postMessage(range);
      };
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`a scan worker ended with ${code}`)));
      worker.on('message', (answer: 'ready' | WorkerAnswer) => {
        if (answer !== 'ready') {
          if ('failure' in answer) return reject(new Error(answer.failure));
          results[answer.range.first / rangeBlocks] = answer.result;
          done += answer.range.end - answer.range.first;
          onProgress?.(done);
        }
        return signal?.aborted === true ? reject(signal.reason) : send();
      });
    });
  const threads = Array.from({ length: Math.max(1, Math.min(workers, ranges.length)) }, () => new Worker(entry(), { workerData: job }));
  try {
    await Promise.all(threads.map(work));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return joinScans(results);
}

/** The worker's code: beside this file, as it was written or as it was bundled. */
function entry(): URL | string {
  if (typeof __dirname === 'string') return join(__dirname, 'scan-worker-entry.cjs');
  return new URL(`./scan-worker-entry${extname(import.meta.url)}`, import.meta.url);
}
