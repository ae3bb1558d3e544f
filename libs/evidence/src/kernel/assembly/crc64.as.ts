// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- the library's own type check reads this file too
// @ts-nocheck AssemblyScript, not TypeScript: its types are the ones that tsconfig.json in this folder names
/*
 * CRC-64/NVME, compiled to WebAssembly by `tools/build/kernel.mjs`. The memory begins with eight tables of 256 u64: what a
 * byte adds to the checksum when 0 to 7 more bytes follow. After them come the bytes, which the caller writes.
 *
 * One checksum waits for its own last table entry at each step. So a block is cut into four strands that do not wait for each
 * other, and their checksums are joined at its end.
 */

/** Reflected polynomial: NVM Express NVM Command Set 1.0, section 5.2.1.3.4. */
const polynomial: u64 = 0x9a6c9329ac4bc9b5;
const tableBytes: usize = 2048;
const bufferStart: usize = 8 * tableBytes;
const strandBytes: usize = 16384;

/** x to the power of the bits of a strand, modulo the polynomial. */
let strandPower: u64 = 0;

export function prepare(): void {
  for (let byte: usize = 0; byte < 256; byte++) {
    let value: u64 = byte;
    for (let bit = 0; bit < 8; bit++) value = (value >> 1) ^ (polynomial & (0 - (value & 1)));
    store<u64>(byte << 3, value);
  }
  for (let at: usize = tableBytes; at < bufferStart; at += 8) {
    const before = load<u64>(at - tableBytes);
    store<u64>(at, (before >> 8) ^ load<u64>(<usize>(before & 0xff) << 3));
  }
  // In the reflected order the highest bit is x^0; eight zero bytes after it are a step without data.
  strandPower = 0x8000000000000000;
  for (let done: usize = 0; done < strandBytes; done += 8) strandPower = step(strandPower, 0);
}

/** The checksum after `length` bytes at `bufferStart`; `crc` is the one before them, both as they are without the last inversion. */
export function update(crc: u64, length: usize): u64 {
  const end = bufferStart + length;
  let at = bufferStart;
  for (; at + 4 * strandBytes <= end; at += 4 * strandBytes) {
    let b: u64 = 0;
    let c: u64 = 0;
    let d: u64 = 0;
    for (let i = at; i < at + strandBytes; i += 8) {
      crc = step(crc, load<u64>(i));
      b = step(b, load<u64>(i, 16384));
      c = step(c, load<u64>(i, 32768));
      d = step(d, load<u64>(i, 49152));
    }
    crc = multiply(multiply(multiply(crc, strandPower) ^ b, strandPower) ^ c, strandPower) ^ d;
  }
  for (; at + 8 <= end; at += 8) crc = step(crc, load<u64>(at));
  for (; at < end; at++) crc = (crc >> 8) ^ load<u64>(<usize>((crc ^ load<u8>(at)) & 0xff) << 3);
  return crc;
}

// @ts-ignore: decorator
@inline
function step(crc: u64, bytes: u64): u64 {
  const x = crc ^ bytes;
  return (
    load<u64>(<usize>((x & 0xff) << 3), 14336) ^
    load<u64>(<usize>(((x >> 8) & 0xff) << 3), 12288) ^
    load<u64>(<usize>(((x >> 16) & 0xff) << 3), 10240) ^
    load<u64>(<usize>(((x >> 24) & 0xff) << 3), 8192) ^
    load<u64>(<usize>(((x >> 32) & 0xff) << 3), 6144) ^
    load<u64>(<usize>(((x >> 40) & 0xff) << 3), 4096) ^
    load<u64>(<usize>(((x >> 48) & 0xff) << 3), 2048) ^
    load<u64>(<usize>((x >> 56) << 3))
  );
}

/** Product of two polynomials modulo the polynomial, all reflected. */
function multiply(left: u64, right: u64): u64 {
  let product: u64 = 0;
  for (let bit: u64 = 0x8000000000000000; bit != 0; bit >>= 1) {
    if ((left & bit) != 0) product ^= right;
    right = (right >> 1) ^ (polynomial & (0 - (right & 1)));
  }
  return product;
}
