import { instantiateLiteralModule } from './kernel/instantiate.ts';
import { memoryImage } from './kernel/memory-image.ts';
import { preparePattern } from './kernel/pattern.ts';
import { scanPasses } from './kernel/scan-passes.ts';

export const maxLiteralPatternCount = 64;
export const maxLiteralPatternBytes = 4096;
export const maxLiteralBufferBytes = 64 << 20;

export interface LiteralHit {
  /** Where the match starts, in bytes from the start of the buffer. */
  readonly offset: number;
  /** Index of the pattern in the list given at creation. */
  readonly pattern: number;
}

/** A search for fixed byte patterns in memory that the caller fills, piece by piece. */
export interface LiteralKernel {
  /** Where the caller puts the bytes: a view of the kernel's own memory, so that a file can be read straight into it. */
  readonly buffer: Uint8Array;
  /**
   * All matches, overlapping ones too, that start in `buffer[0, scanLength)` and end at or before `availableLength`,
   * ascending by offset, at one offset ascending by pattern.
   * The bytes between the two are look-ahead: with the longest pattern's length less one of them, matches that
   * cross into the next piece are found with this one, and not again with the next. There are at most as many as
   * bytes scanned times patterns. Throws a `RangeError` where 0 ≤ scanLength ≤ availableLength ≤ buffer.length
   * does not hold.
   */
  find(scanLength: number, availableLength: number): readonly LiteralHit[];
}

export interface LiteralKernelOptions {
  /** Length of `buffer`, look-ahead included; at most `maxLiteralBufferBytes`. */
  readonly bufferBytes: number;
  /** Whether the letters A to Z match a to z. Other characters, other alphabets too, match as they are. */
  readonly ignoreCase?: boolean;
}

const hitsBytes = 256 << 10;
/** Small enough to stay in a core's first cache while one pass after the other goes over it. */
const stripBytes = 32 << 10;
const bufferAlignment = 4096;
/** The scan looks a little before the buffer's first byte, and after the last as far as a pattern reaches from its rare bytes. */
const spaceBefore = 64;
const spaceAfter = 2 * maxLiteralPatternBytes + 256;

/**
 * A kernel for 1 to `maxLiteralPatternCount` patterns of 1 to `maxLiteralPatternBytes` bytes each; others, and a
 * buffer outside its limit, are refused with a `RangeError`. A pattern and its UTF-16LE form cost one pass together.
 */
export function createLiteralKernel(patterns: readonly Uint8Array[], options: LiteralKernelOptions): LiteralKernel {
  const { bufferBytes, ignoreCase = false } = options;
  requireLimits(patterns, bufferBytes);
  const prepared = patterns.map((bytes, index) => preparePattern(bytes, index, ignoreCase));
  const passes = scanPasses(prepared);
  const image = memoryImage(prepared, passes);
  const hitsStart = align(image.bytes.length, 16);
  const bufferStart = align(hitsStart + hitsBytes + spaceBefore, bufferAlignment);
  const { module, memory } = instantiateLiteralModule(bufferStart + bufferBytes + spaceAfter);
  new Uint8Array(memory).set(image.bytes);
  const buffer = new Uint8Array(memory, bufferStart, bufferBytes);
  const scanPair = ignoreCase ? module.scanPairFolded : module.scanPair;
  const scans = passes.map((pass, i) => ({
    scan: pass.kind === 'pair' ? scanPair : module.scanNibbles,
    address: image.passAddresses[i]!,
    reach: Math.max(...(pass.kind === 'pair' ? pass.matches : pass.buckets.flat()).map(({ back }) => back)),
  }));

  const takeHits = (into: Uint32Array[]): void => {
    const count = module.takeHits();
    if (count > 0) into.push(new Uint32Array(memory, hitsStart, count).slice());
  };
  return {
    buffer,
    find(scanLength, availableLength) {
      requireRange(scanLength, availableLength, bufferBytes);
      const found: Uint32Array[] = [];
      module.prepare(bufferStart, scanLength, availableLength, hitsStart, hitsBytes);
      const last = scanLength + Math.max(...scans.map(({ reach }) => reach));
      for (let strip = 0; strip < last; strip += stripBytes) {
        for (const { scan, address, reach } of scans) {
          const stop = bufferStart + Math.min(strip + stripBytes, scanLength + reach);
          let at = bufferStart + strip;
          while (at < stop) {
            at = scan(address, at, stop);
            if (at < stop) takeHits(found);
          }
        }
      }
      takeHits(found);
      return literalHits(found);
    },
  };
}

function requireLimits(patterns: readonly Uint8Array[], bufferBytes: number): void {
  if (patterns.length < 1 || patterns.length > maxLiteralPatternCount) {
    throw new RangeError(`${patterns.length} patterns, takes 1 to ${maxLiteralPatternCount}`);
  }
  for (const [index, { length }] of patterns.entries()) {
    if (length < 1 || length > maxLiteralPatternBytes) {
      throw new RangeError(`pattern ${index} has ${length} bytes, takes 1 to ${maxLiteralPatternBytes}`);
    }
  }
  if (!Number.isInteger(bufferBytes) || bufferBytes < 1 || bufferBytes > maxLiteralBufferBytes) {
    throw new RangeError(`a buffer of ${bufferBytes} bytes, takes 1 to ${maxLiteralBufferBytes}`);
  }
}

function requireRange(scanLength: number, availableLength: number, bufferBytes: number): void {
  const whole = Number.isInteger(scanLength) && Number.isInteger(availableLength);
  if (!whole || scanLength < 0 || scanLength > availableLength || availableLength > bufferBytes) {
    throw new RangeError(`cannot scan ${scanLength} of ${availableLength} bytes in a buffer of ${bufferBytes}`);
  }
}

/** Hits from the form in which the module notes them: offset << 6 | pattern, so that their order is that of the numbers. */
function literalHits(parts: readonly Uint32Array[]): readonly LiteralHit[] {
  const packed = joined(parts);
  if (!isAscending(packed)) packed.sort();
  const hits: LiteralHit[] = [];
  for (const hit of packed) hits.push({ offset: hit >>> 6, pattern: hit & 63 });
  return hits;
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

function isAscending(values: Uint32Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) return false;
  return true;
}

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
