import type { Needle } from './needles.ts';

/** Finds many needles in one pass. */
export interface NeedleSearch {
  /** Length of the longest needle; 0 where there are none. */
  readonly longest: number;
  /** Calls back for every needle at every offset of `bytes` at which it begins. */
  find(bytes: Uint8Array, found: (needle: Needle, offset: number) => void): void;
}

const prefixBytes = 8;
const filterBits = 20;

/**
 * A search by the first bytes of each needle: a filter of bits says of most places that nothing begins there. Needles have at least
 * eight bytes.
 */
export function needleSearch(needles: readonly Needle[]): NeedleSearch {
  const filter = new Uint8Array(1 << (filterBits - 3));
  const byPrefix = new Map<string, Needle[]>();
  let longest = 0;
  for (const needle of needles) {
    const { bytes } = needle;
    if (bytes.length < prefixBytes) throw new RangeError(`a needle of ${bytes.length} bytes is too short to look for`);
    longest = Math.max(longest, bytes.length);
    const hash = hashAt(bytes, 0);
    filter[hash >>> 3] = (filter[hash >>> 3] ?? 0) | (1 << (hash & 7));
    const prefix = Buffer.from(bytes.subarray(0, prefixBytes)).toString('latin1');
    const known = byPrefix.get(prefix);
    if (known === undefined) byPrefix.set(prefix, [needle]);
    // The same bytes may be a form of two things, or two pages of a region.
    else if (!known.some((each) => Buffer.compare(each.bytes, bytes) === 0)) known.push(needle);
  }
  return {
    longest,
    find(bytes, found) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const end = bytes.length - prefixBytes;
      for (let at = 0; at <= end; at++) {
        const hash = hashAt(bytes, at);
        if (((filter[hash >>> 3] ?? 0) & (1 << (hash & 7))) === 0) continue;
        for (const needle of byPrefix.get(buffer.toString('latin1', at, at + prefixBytes)) ?? []) {
          const stop = at + needle.bytes.length;
          if (stop <= bytes.length && buffer.compare(needle.bytes, 0, needle.bytes.length, at, stop) === 0) found(needle, at);
        }
      }
    },
  };
}

/** Four bytes, spread over the bits of the filter. */
function hashAt(bytes: Uint8Array, at: number): number {
  const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
  return Math.imul(word, 0x9e3779b1) >>> (32 - filterBits);
}
