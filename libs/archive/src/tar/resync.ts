import { type ByteSource, DamageError, decodeText, untilNul } from '@icecore/bytes';
import { type ArchiveLimits } from '../limits.ts';
import { blockBytes, isTarHeader, isZeroBlock } from './checksum.ts';
import { type HeaderWindow } from './window.ts';

/** Looks through bytes that no header leads to, at most `maxResyncBytes` of one tar. */
export interface Scanner {
  /** Offset of the next block from `start` on that is a header; undefined where the tar ends before. Throws a `limit`. */
  nextHeader(start: number): Promise<number | undefined>;
  /** Offset of the next byte from `start` on that is not zero; undefined where all are. Throws a `limit`. */
  nextNonZero(start: number): Promise<number | undefined>;
}

export function scanner(source: ByteSource, window: HeaderWindow, limits: ArchiveLimits): Scanner {
  let left = limits.maxResyncBytes;
  const find = async (start: number, test: (block: Uint8Array) => number): Promise<number | undefined> => {
    for (let position = start; position < source.size; position += blockBytes) {
      left -= blockBytes;
      if (left < 0) throw new DamageError('limit', `gave up the search after ${limits.maxResyncBytes} bytes`, { offset: position });
      const length = Math.min(blockBytes, source.size - position);
      const found = test(window.peek(position, length) ?? (await window.read(position, length)));
      if (found >= 0) return position + found;
    }
    return undefined;
  };
  return {
    nextHeader: (start) => find(start, (block) => (block.length === blockBytes && isTarHeader(block) ? 0 : -1)),
    nextNonZero: (start) =>
      find(start, (block) => (block.length === blockBytes && isZeroBlock(block) ? -1 : block.findIndex((byte) => byte !== 0))),
  };
}

/** The name in a header, as a hint for a reader. */
export function nameHint(block: Uint8Array): string {
  return decodeText(untilNul(block.subarray(0, 100)));
}
