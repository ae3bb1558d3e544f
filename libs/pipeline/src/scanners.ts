import type { Gap } from '@icecore/bytes';
import { type BlockScannerOptions, scanBlocks } from '@icecore/scan';
import type { Scanner } from './ports.ts';

/** Scans in this thread. */
export function threadScanner(options: Omit<BlockScannerOptions, 'key'>): Scanner {
  return {
    async scan(_reference, { first, end }, { key, signal, onProgress, plan }) {
      const planned = await plan();
      const late = lateGaps(planned.snapshot);
      const result = await scanBlocks(planned, first, end, { ...options, key, signal, onProgress });
      return { result, snapshotGaps: late() };
    },
  };
}

/** Gives what a snapshot notices from now on: it reads more of the archive while its memory is scanned. */
export function lateGaps(snapshot: { readonly gaps: readonly Gap[] }): () => readonly Gap[] {
  const known = new Set(snapshot.gaps);
  return () => snapshot.gaps.filter((gap) => !known.has(gap));
}
