import { bytesToHex } from '@icecore/bytes';
import { isTarHeader } from '../tar/checksum.ts';

export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2';

/** Bytes of a file's head that `detectCompression` needs. */
export const headBytes = 512;

/**
 * What a file is by its first bytes; `none` for a plain tar, undefined where it is nothing known.
 * gzip: RFC 1952 2.3.1; zstd: RFC 8878 3.1.1 and 3.1.2 (a skippable frame may come first); xz: its format
 * description 2.1.1.1.
 */
export function detectCompression(head: Uint8Array): Compression | undefined {
  if (startsWith(head, [0x1f, 0x8b])) return 'gzip';
  if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) return 'zstd';
  if (startsWith(head.subarray(1), [0x2a, 0x4d, 0x18]) && (head[0] ?? 0) >> 4 === 5) return 'zstd';
  if (startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return 'xz';
  if (startsWith(head, [0x42, 0x5a, 0x68]) && isDigit(head[3])) return 'bzip2';
  return isTar(head) ? 'none' : undefined;
}

/** The first bytes as an error names them. */
export function describeMagic(head: Uint8Array): string {
  return head.length === 0 ? 'nothing' : `0x${bytesToHex(head.subarray(0, 8))}`;
}

function isTar(head: Uint8Array): boolean {
  if (head.length < headBytes) return false;
  return startsWith(head.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72]) || isTarHeader(head) || head.every((byte) => byte === 0);
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** The bzip2 level, `1` to `9`. */
function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x31 && byte <= 0x39;
}
