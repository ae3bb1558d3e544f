import { decodeText, untilNul } from '@icecore/bytes';
import { parseNumber } from './number.ts';

/** One header block, its fields as it states them. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of the body as stored; undefined where the field is no size. */
  readonly size: number | undefined;
  readonly modifiedAt: number;
  /** The type flag as a character; NUL is an old tar's file. */
  readonly typeflag: string;
  readonly linkName: string;
  readonly userName: string;
  readonly groupName: string;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** Fields other than the size that hold no number; each reads as 0. */
  readonly faults: readonly string[];
}

const sound: readonly string[] = [];

/**
 * Decodes a block whose checksum is right: POSIX ustar (IEEE 1003.1 pax, "ustar Interchange Format"), GNU tar's
 * old format, and tars from before both.
 */
export function parseHeader(block: Uint8Array): TarHeader {
  let faults = sound;
  const number = (name: string, start: number, end: number, mayBeNegative = false): number => {
    const value = parseNumber(block.subarray(start, end));
    if (value !== undefined && (value >= 0 || mayBeNegative)) return value;
    faults = [...faults, name];
    return 0;
  };
  const size = parseNumber(block.subarray(124, 136));
  const isUstar = block[257] === 0x75 && block[258] === 0x73 && block[259] === 0x74 && block[260] === 0x61 && block[261] === 0x72;
  const prefix = isUstar && block[262] === 0 ? text(block, 345, 500) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: number('mode', 100, 108) & 0o7777,
    uid: number('uid', 108, 116),
    gid: number('gid', 116, 124),
    size: size === undefined || size < 0 ? undefined : size,
    modifiedAt: number('mtime', 136, 148, true),
    typeflag: String.fromCharCode(block[156]!),
    linkName: text(block, 157, 257),
    userName: isUstar ? text(block, 265, 297) : '',
    groupName: isUstar ? text(block, 297, 329) : '',
    deviceMajor: isUstar ? number('devmajor', 329, 337) : 0,
    deviceMinor: isUstar ? number('devminor', 337, 345) : 0,
    faults,
  };
}

function text(block: Uint8Array, start: number, end: number): string {
  return block[start] === 0 ? '' : decodeText(untilNul(block.subarray(start, end)));
}
