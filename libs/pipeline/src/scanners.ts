import type { Gap } from '@icecore/bytes';
import { blockScanner, type BlockScanner, type BlockScannerOptions, scanBlocks } from '@icecore/scan';
import type { ScannedRange, Scanner } from './ports.ts';

/** Scans in this thread, one range after the other, for what scans has one buffer. */
export function threadScanner(options: Omit<BlockScannerOptions, 'key'>): Scanner {
  let last: Promise<unknown> = Promise.resolve();
  let kept: { readonly keyId: string; readonly scanner: BlockScanner } | undefined;
  return {
    scan(_reference, { first, end }, { key, signal, onProgress, plan }) {
      const scan = async (): Promise<ScannedRange> => {
        const planned = await plan();
        const late = lateGaps(planned.snapshot);
        if (kept?.keyId !== key.id) kept = { keyId: key.id, scanner: blockScanner({ ...options, key }) };
        const result = await scanBlocks(planned, first, end, { ...options, key, scanner: kept.scanner, signal, onProgress });
        return { result, snapshotGaps: late() };
      };
      const scanned = last.then(scan);
      last = scanned.catch(() => undefined);
      return scanned;
    },
  };
}

/** Gives what a snapshot notices from now on: it reads more of the archive while its memory is scanned. */
export function lateGaps(snapshot: { readonly gaps: readonly Gap[] }): () => readonly Gap[] {
  const known = new Set(snapshot.gaps);
  return () => snapshot.gaps.filter((gap) => !known.has(gap));
}
