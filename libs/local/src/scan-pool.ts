import { getCompileCacheDir } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BlockRange, ScannedRange } from '@icecore/pipeline';
import type { ScanJob, WorkerAnswer } from './scan-worker.ts';

/** Threads that have one archive open and scan what they are given. */
export interface ScanPool extends AsyncDisposable {
  /** Starts all threads, before there is work for them, and gives the number of blocks that the archive has. */
  open(): Promise<number>;
  /** Rejects where a thread cannot open the archive, or ends. */
  scan(range: BlockRange): Promise<ScannedRange>;
}

interface Waiting {
  readonly range: BlockRange;
  readonly resolve: (scanned: ScannedRange) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts threads for an archive. What a block gives depends on the block alone, so that the result is the same, hit for hit, as
 * that of one thread.
 */
export function scanPool(job: ScanJob, workers: number): ScanPool {
  const waiting: Waiting[] = [];
  const busy = new Map<Worker, Waiting>();
  const idle: Worker[] = [];
  const opened = Promise.withResolvers<number>();
  // Nobody may have asked.
  opened.promise.catch(() => undefined);
  let broken: Error | undefined;
  let closed = false;
  const next = (worker: Worker): void => {
    const work = waiting.shift();
    if (work === undefined) return void idle.push(worker);
    busy.set(worker, work);
    worker.postMessage(work.range);
  };
  const fail = (error: Error): void => {
    if (closed) return;
    broken ??= error;
    opened.reject(error);
    for (const { reject } of [...busy.values(), ...waiting.splice(0)]) reject(error);
    busy.clear();
  };
  const start = (): Worker => {
    const worker = new Worker(entry(), { workerData: job, env: environment() });
    worker.on('error', fail);
    worker.on('exit', (code) => fail(new Error(`a scan worker ended with ${code}`)));
    worker.on('message', (answer: WorkerAnswer) => {
      if ('blockCount' in answer) opened.resolve(answer.blockCount);
      else {
        const work = busy.get(worker);
        busy.delete(worker);
        if ('failure' in answer) work?.reject(new Error(answer.failure));
        else work?.resolve({ result: answer.result, snapshotGaps: answer.snapshotGaps });
      }
      next(worker);
    });
    return worker;
  };
  const threads: Worker[] = [];
  return {
    open() {
      while (threads.length < Math.max(1, workers)) threads.push(start());
      return opened.promise;
    },
    scan(range) {
      if (broken !== undefined) return Promise.reject(broken);
      return new Promise((resolve, reject) => {
        waiting.push({ range, resolve, reject });
        const worker = idle.pop();
        if (worker !== undefined) next(worker);
        else if (threads.length < Math.max(1, workers)) threads.push(start());
      });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** A thread uses the cache of compiled code only where its environment names one, whatever this thread does. */
function environment(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) };
}

/** The worker's code: beside this file, as it was written or as it was bundled. */
function entry(): URL | string {
  if (typeof __dirname === 'string') return join(__dirname, 'scan-worker-entry.cjs');
  return new URL(`./scan-worker-entry${extname(import.meta.url)}`, import.meta.url);
}
