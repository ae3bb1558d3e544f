import { crc64Module } from './kernel/crc64-module.ts';

/** A checksum that grows with the bytes it is given. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** 16 lower-case hex digits of what was given so far; more may follow. */
  digest(): string;
}

const ones = 0xffff_ffff_ffff_ffffn;

/** CRC-64/NVME, the checksum that S3 computes over whole objects. Check value of `123456789`: `ae8b14860a799888`. */
export function crc64Nvme(): Checksum {
  const { buffer, update } = crc64Module();
  let crc = ones;
  return {
    update(bytes) {
      for (let start = 0; start < bytes.length; start += buffer.length) {
        const piece = bytes.subarray(start, start + buffer.length);
        buffer.set(piece);
        crc = BigInt.asUintN(64, update(crc, piece.length));
      }
    },
    digest: () => (crc ^ ones).toString(16).padStart(16, '0'),
  };
}
