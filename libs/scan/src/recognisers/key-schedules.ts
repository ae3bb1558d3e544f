const sbox = sboxTable();

/** Bytes of an expanded key, by the bytes of the key (FIPS 197, 5.2). */
export function scheduleBytes(keyBytes: number): number {
  return 16 * (keyBytes / 4 + 7);
}

/** The key whose whole expansion stands at `offset`; undefined where it is none, or where the key is too even to be one. */
export function keyAt(bytes: Buffer, offset: number, keyBytes: number): Buffer | undefined {
  const total = scheduleBytes(keyBytes);
  if (offset + total > bytes.length) return undefined;
  const key = bytes.subarray(offset, offset + keyBytes);
  if (new Set(key).size < keyBytes / 4) return undefined;
  const words = keyBytes / 4;
  let round = 1;
  for (let i = words; i < total / 4; i++) {
    let word = bytes.readUInt32BE(offset + 4 * (i - 1));
    if (i % words === 0) {
      word = (substituted(((word << 8) | (word >>> 24)) >>> 0) ^ (round << 24)) >>> 0;
      round = (round << 1) ^ (round >= 0x80 ? 0x11b : 0);
    } else if (words > 6 && i % words === 4) word = substituted(word);
    if ((word ^ bytes.readUInt32BE(offset + 4 * (i - words))) >>> 0 !== bytes.readUInt32BE(offset + 4 * i)) return undefined;
  }
  return Buffer.from(key);
}

function substituted(word: number): number {
  const at = (shift: number): number => (sbox[(word >>> shift) & 0xff] ?? 0) << shift;
  return (at(24) | at(16) | at(8) | at(0)) >>> 0;
}

/** The S-box, from its definition: the inverse in GF(2^8) and an affine map (FIPS 197, 5.1.1). */
function sboxTable(): Uint8Array {
  const table = new Uint8Array(256);
  let p = 1;
  let q = 1;
  do {
    p = (p ^ (p << 1) ^ (p & 0x80 ? 0x11b : 0)) & 0xff;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if (q & 0x80) q ^= 0x09;
    const rotated = (by: number): number => ((q << by) | (q >>> (8 - by))) & 0xff;
    table[p] = q ^ rotated(1) ^ rotated(2) ^ rotated(3) ^ rotated(4) ^ 0x63;
  } while (p !== 1);
  table[0] = 0x63;
  return table;
}

