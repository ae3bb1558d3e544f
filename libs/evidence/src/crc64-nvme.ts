/** Reflected polynomial of CRC-64/NVME: NVM Express NVM Command Set 1.0, section 5.2.1.3.4. */
const polynomial = 0x9a6c9329ac4bc9b5n;
const lanes = 8;
/** `low[256 * k + b]`, `high[256 * k + b]`: what byte `b` adds to the checksum when `k` more bytes follow. */
const low = new Uint32Array(lanes * 256);
const high = new Uint32Array(lanes * 256);

for (let byte = 0; byte < 256; byte += 1) {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1n) === 1n ? (value >> 1n) ^ polynomial : value >> 1n;
  low[byte] = Number(value & 0xffffffffn);
  high[byte] = Number(value >> 32n);
}
for (let at = 256; at < lanes * 256; at += 1) {
  const [before, above] = [low[at - 256]!, high[at - 256]!];
  low[at] = ((before >>> 8) | (above << 24)) ^ low[before & 0xff]!;
  high[at] = (above >>> 8) ^ high[before & 0xff]!;
}

/** A checksum that grows with the bytes it is given. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** 16 lower-case hex digits of what was given so far; more may follow. */
  digest(): string;
}

/** CRC-64/NVME, the checksum that S3 computes over whole objects. Check value of `123456789`: `ae8b14860a799888`. */
export function crc64Nvme(): Checksum {
  let below = 0xffffffff;
  let above = 0xffffffff;
  return {
    update(bytes) {
      let [l, h] = [below, above];
      const whole = bytes.length - (bytes.length % lanes);
      let at = 0;
      for (; at < whole; at += lanes) {
        l ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
        h ^= bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24);
        const [a, b, c, d] = [1792 + (l & 0xff), 1536 + ((l >>> 8) & 0xff), 1280 + ((l >>> 16) & 0xff), 1024 + (l >>> 24)];
        const [e, f, g, i] = [768 + (h & 0xff), 512 + ((h >>> 8) & 0xff), 256 + ((h >>> 16) & 0xff), h >>> 24];
        l = low[a]! ^ low[b]! ^ low[c]! ^ low[d]! ^ low[e]! ^ low[f]! ^ low[g]! ^ low[i]!;
        h = high[a]! ^ high[b]! ^ high[c]! ^ high[d]! ^ high[e]! ^ high[f]! ^ high[g]! ^ high[i]!;
      }
      for (; at < bytes.length; at += 1) {
        const index = (l ^ bytes[at]!) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ low[index]!;
        h = (h >>> 8) ^ high[index]!;
      }
      [below, above] = [l, h];
    },
    digest: () => [~above, ~below].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}
