import { joinScans, type ScanResult } from '@icecore/scan';
import { scanPool } from './scan-pool.ts';
import type { ScanJob } from './scan-worker.ts';

/** Blocks of a mebibyte that a worker gets at once: few, so that all workers end together. */
const rangeBlocks = 16;

export interface ScanWithWorkers {
  readonly workers: number;
  /** Told when the first range can be handed out, and when the last result is there. */
  readonly onMoment?: (moment: 'opened' | 'scanned') => void;
}

/** Scans all blocks of an archive's plan in threads. This one does not open the archive: it would only take their time. */
export async function scanWithWorkers(job: ScanJob, { workers, onMoment }: ScanWithWorkers): Promise<ScanResult> {
  await using pool = scanPool(job, workers);
  const blockCount = await pool.open();
  onMoment?.('opened');
  const results: Promise<ScanResult>[] = [];
  for (let first = 0; first < blockCount; first += rangeBlocks) results.push(pool.scan({ first, end: Math.min(blockCount, first + rangeBlocks) }).then(({ result }) => result));
  const parts = await Promise.all(results);
  onMoment?.('scanned');
  return joinScans(parts);
}
