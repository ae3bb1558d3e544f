import { type ByteSource, DamageError, decodeText, type Segment, sliceSource, sparseSource } from '@icecore/bytes';
import { blockBytes } from './checksum.ts';
import { parseDecimal, parseNumber } from './number.ts';
import { type HeaderWindow } from './window.ts';

/** Where the runs of a sparse file lie in it; the archive stores the runs one after the other. */
export interface SparseMap {
  /** Bytes of the file with its holes. */
  readonly realSize: number;
  /** Offset and length by turns. */
  readonly runs: readonly number[];
  /** Blocks that the map takes before the stored runs. */
  readonly mapBytes: number;
}

/** Where the part of a map that is not in headers begins, where it must end, and the most it may take. */
export interface MapPlace {
  readonly window: HeaderWindow;
  readonly start: number;
  readonly end: number;
  readonly maxBytes: number;
}

const pairBytes = 24;

/** GNU's old format, type `S`: four runs in the header, the rest in blocks of 21 that follow it (tar.h, `oldgnu_header`). */
export async function readGnuSparseMap(block: Uint8Array, { window, start, end, maxBytes }: MapPlace): Promise<SparseMap> {
  const runs: number[] = [];
  const realSize = parseNumber(block.subarray(483, 495));
  if (realSize === undefined || realSize < 0) throw new DamageError('malformed', 'the sparse file states no size');
  addPairs(runs, block, 386, 4);
  let position = start;
  for (let more = block[482] !== 0; more; position += blockBytes) {
    if (position + blockBytes > end) throw new DamageError('truncated', 'the archive ends inside a sparse map');
    if (position - start >= maxBytes) throw new DamageError('limit', `a sparse map of more than ${maxBytes} bytes`);
    const extension = await window.read(position, blockBytes);
    addPairs(runs, extension, 0, 21);
    more = extension[504] !== 0;
  }
  return { realSize, runs, mapBytes: position - start };
}

/** pax format 1.0: the count of runs, then offset and length of each, a decimal number a line, at the head of the body. */
export async function readPaxSparseMap(realSize: number, { window, start, end, maxBytes }: MapPlace): Promise<SparseMap> {
  const numbers: number[] = [];
  let line = '';
  let position = start;
  while (numbers.length === 0 || numbers.length < 1 + numbers[0]! * 2) {
    if (position + blockBytes > end) throw new DamageError('truncated', 'the archive ends inside a sparse map');
    if (position - start >= maxBytes) throw new DamageError('limit', `a sparse map of more than ${maxBytes} bytes`);
    const lines = (line + decodeText(await window.read(position, blockBytes))).split('\n');
    line = lines.pop() ?? '';
    for (const digits of lines) {
      if (numbers.length > 0 && numbers.length >= 1 + numbers[0]! * 2) break;
      const value = parseDecimal(digits);
      if (value === undefined) throw new DamageError('malformed', 'a sparse map holds what is no number');
      numbers.push(value);
    }
    position += blockBytes;
  }
  return { realSize, runs: numbers.slice(1, 1 + numbers[0]! * 2), mapBytes: position - start };
}

/** The file with its holes. Where the stored runs are cut short, the file ends with the last byte that is there. */
export function unfoldSparse(map: SparseMap, stored: ByteSource, storedBytes: number): ByteSource {
  const segments: Segment[] = [];
  let used = 0;
  let size = map.realSize;
  for (let i = 0; i + 1 < map.runs.length; i += 2) {
    const offset = map.runs[i]!;
    const length = map.runs[i + 1]!;
    const there = Math.min(length, Math.max(0, stored.size - used));
    if (there < length) size = Math.min(size, offset + there);
    if (there > 0) segments.push({ offset, source: sliceSource(stored, used, used + there) });
    used += length;
    if (offset + length > map.realSize) throw new DamageError('malformed', `a sparse run ends at ${offset + length} of ${map.realSize}`);
  }
  if (used !== storedBytes) throw new DamageError('malformed', `the sparse runs have ${used} bytes, ${storedBytes} are stored`);
  return sparseSource(size, segments);
}

function addPairs(runs: number[], block: Uint8Array, start: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const at = start + i * pairBytes;
    if (block[at] === 0) return;
    const offset = parseNumber(block.subarray(at, at + 12));
    const length = parseNumber(block.subarray(at + 12, at + pairBytes));
    if (offset === undefined || length === undefined || offset < 0 || length < 0) {
      throw new DamageError('malformed', 'a sparse map holds what is no number');
    }
    runs.push(offset, length);
  }
}
