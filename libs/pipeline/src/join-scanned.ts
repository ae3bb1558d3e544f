import { formatBytes, type Gap } from '@icecore/bytes';
import { blockBytes, joinScans, type ScanResult } from '@icecore/scan';
import type { PipelinePorts } from './ports.ts';
import { keptKeys, recall } from './working.ts';

/** What all ranges gave together. */
export interface JoinedScan {
  readonly scan: ScanResult;
  readonly snapshotGaps: readonly Gap[];
  /** Blocks that no child of the Map scanned; a gap of the scan tells of each stretch of them. */
  readonly missingBlocks: number;
}

/** Joins what was kept of the scan, in the order of the blocks. What no range covers is a gap. */
export async function joinScanned(ports: Pick<PipelinePorts, 'working'>, name: string, blockCount: number): Promise<JoinedScan> {
  const results: ScanResult[] = [];
  const snapshotGaps: Gap[] = [];
  const missing: Gap[] = [];
  let missingBlocks = 0;
  let next = 0;
  const upTo = (first: number): void => {
    if (first <= next) return;
    missingBlocks += first - next;
    missing.push({ code: 'missing', subject: `up to ${formatBytes((first - next) * blockBytes)} in the scan, blocks ${next} to ${first - 1}`, reason: 'what scanned them failed again and again', place: {} });
  };
  for await (const { path } of ports.working.store.list(keptKeys.scans(name))) {
    const { first, end, result, snapshotGaps: late } = await recall(ports.working, path, 'scanned');
    upTo(first);
    results.push(result);
    snapshotGaps.push(...late);
    next = Math.max(next, end);
  }
  upTo(blockCount);
  const joined = joinScans(results);
  return { scan: { ...joined, gaps: [...joined.gaps, ...missing] }, snapshotGaps, missingBlocks };
}

/** Every gap that any of the lists has, as often as the list that has it most often: steps that read the same notice the same. */
export function unitedGaps(lists: readonly (readonly Gap[])[]): Gap[] {
  const united: Gap[] = [];
  const counts = new Map<string, number>();
  for (const list of lists) {
    const seen = new Map<string, number>();
    for (const gap of list) {
      const name = JSON.stringify([gap.code, gap.subject, gap.reason, gap.place.entry, gap.place.image, gap.place.offset]);
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      if (nth <= (counts.get(name) ?? 0)) continue;
      counts.set(name, nth);
      united.push(gap);
    }
  }
  return united;
}
