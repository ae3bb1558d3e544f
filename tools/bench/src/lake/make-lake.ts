import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { encodeParquet, partPath } from '@icecore/lake';
import { madeCapture } from './made-capture.ts';

/** Captures that a worker makes. */
export interface MakeJob {
  readonly root: string;
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Makes a lake of so many captures in a folder, in all processors. The same number gives the same files. */
export async function makeLake(root: string, count: number): Promise<void> {
  const workers = Math.min(availableParallelism(), count);
  await Promise.all(Array.from({ length: workers }, (_, first) => runWorker({ root, first, step: workers, count })));
}

/** Makes every `step`th capture. Files are not brought to disk one by one: a lake that is made can be made again. */
export function makeCaptures({ root, first, step, count }: MakeJob): void {
  const folders = new Set<string>();
  for (let index = first; index < count; index += step) {
    const { captureId, tenant, date, tables } = madeCapture(index);
    for (const { table, rows } of tables) {
      const path = join(root, partPath({ table: table.name, tenant, date, captureId, part: 0 }));
      const folder = dirname(path);
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
      folders.add(folder);
      writeFileSync(path, encodeParquet(table, rows));
    }
  }
}

function runWorker(job: MakeJob): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./make-worker.ts', import.meta.url), { workerData: job });
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker that makes captures ended with ${code}`))));
  });
}
