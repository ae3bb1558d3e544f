import type { ScanPlan } from '@icecore/scan';
import type { BlockRange } from './input.ts';

/** Blocks of a mebibyte in a range: few, so that threads that share the ranges end together. */
const rangeBlocks = 16;

/** The ranges in which a plan is scanned. One with nothing to scan has one empty range, so that a Map over them always has an item. */
export function rangesOf({ blockCount }: Pick<ScanPlan, 'blockCount'>): BlockRange[] {
  const ranges: BlockRange[] = [];
  for (let first = 0; first < Math.max(1, blockCount); first += rangeBlocks) ranges.push({ first, end: Math.min(blockCount, first + rangeBlocks) });
  return ranges;
}
