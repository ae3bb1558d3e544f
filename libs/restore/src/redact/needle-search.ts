import type { Needle } from './needles.ts';

/** Finds many needles in one pass. */
export interface NeedleSearch {
  /** Length of the longest needle; 0 where there are none. */
  readonly longest: number;
  /** Calls back for every needle at every offset of `bytes` at which it begins. */
  find(bytes: Uint8Array, found: (needle: Needle, offset: number) => void): void;
}

const anchorBytes = 8;
const filterBits = 20;

/** A needle, and the offset in it of the bytes by which it is found. */
interface Anchored {
  readonly needle: Needle;
  readonly anchor: number;
}

/**
 * A search by eight bytes of each needle, the first that are not all alike (pages often begin with zeros): a filter of bits says of
 * most places that none of these stand there. Needles have at least eight bytes.
 */
export function needleSearch(needles: readonly Needle[]): NeedleSearch {
  const filter = new Uint8Array(1 << (filterBits - 3));
  const byAnchor = new Map<string, Anchored[]>();
  let longest = 0;
  for (const needle of needles) {
    const { bytes } = needle;
    if (bytes.length < anchorBytes) throw new RangeError(`a needle of ${bytes.length} bytes is too short to look for`);
    longest = Math.max(longest, bytes.length);
    const anchor = anchorOf(bytes);
    const hash = hashAt(bytes, anchor);
    filter[hash >>> 3] = (filter[hash >>> 3] ?? 0) | (1 << (hash & 7));
    const text = Buffer.from(bytes.subarray(anchor, anchor + anchorBytes)).toString('latin1');
    const known = byAnchor.get(text);
    if (known === undefined) byAnchor.set(text, [{ needle, anchor }]);
    // The same bytes may be a form of two things, or two pages of a region.
    else if (!known.some((each) => Buffer.compare(each.needle.bytes, bytes) === 0)) known.push({ needle, anchor });
  }
  return {
    longest,
    find(bytes, found) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const end = bytes.length - anchorBytes;
      for (let at = 0; at <= end; at++) {
        const hash = hashAt(bytes, at);
        if (((filter[hash >>> 3] ?? 0) & (1 << (hash & 7))) === 0) continue;
        for (const { needle, anchor } of byAnchor.get(buffer.toString('latin1', at, at + anchorBytes)) ?? []) {
          const start = at - anchor;
          const stop = start + needle.bytes.length;
          if (start >= 0 && stop <= bytes.length && buffer.compare(needle.bytes, 0, needle.bytes.length, start, stop) === 0) found(needle, start);
        }
      }
    },
  };
}

/** The first place at which eight bytes have three values or more; the beginning where there is none. */
function anchorOf(bytes: Uint8Array): number {
  for (let at = 0; at + anchorBytes <= bytes.length; at++) if (new Set(bytes.subarray(at, at + anchorBytes)).size >= 3) return at;
  return 0;
}

/** Taken once: this runs for each byte, and a look at the global object costs more than the rest of it. */
const { imul } = Math;

/** Four bytes, spread over the bits of the filter. */
function hashAt(bytes: Uint8Array, at: number): number {
  const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
  return imul(word, 0x9e3779b1) >>> (32 - filterBits);
}
