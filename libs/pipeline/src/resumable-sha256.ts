/**
 * SHA-256 (FIPS 180-4) whose state can be put down between two blocks and taken up elsewhere: what hashes an archive that
 * no single call can read. Where one call can, `node:crypto` is faster.
 */
export interface ResumableHash {
  /** Takes whole blocks of 64 bytes. Throws a `RangeError` for anything else. */
  update(bytes: Uint8Array): void;
  /** The state as 64 hex digits, for `resumeSha256`. */
  state(): string;
  /** Takes the rest, fewer or more bytes, and gives the digest in lower-case hex. `totalBytes` counts all of them. */
  digest(rest: Uint8Array, totalBytes: number): string;
}

const initial = '6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19';
export const hashBlockBytes = 64;

/** Fractional parts of the cube roots of the first 64 primes. */
const constants = Int32Array.from(primes(64), (prime) => Math.floor((Math.cbrt(prime) % 1) * 2 ** 32));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  return found;
}

export function resumeSha256(from: string = initial): ResumableHash {
  const state = Int32Array.from({ length: 8 }, (_, i) => Number.parseInt(from.slice(8 * i, 8 * i + 8), 16));
  const words = new Int32Array(64);
  const text = (): string => Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  const update = (bytes: Uint8Array): void => {
    if (bytes.length % hashBlockBytes !== 0) throw new RangeError(`${bytes.length} bytes are no whole blocks`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length; at += hashBlockBytes) compress(state, words, view, at);
  };
  return {
    update,
    state: text,
    digest(rest, totalBytes) {
      const padded = new Uint8Array(Math.ceil((rest.length + 9) / hashBlockBytes) * hashBlockBytes);
      padded.set(rest);
      padded[rest.length] = 0x80;
      new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(totalBytes) * 8n);
      update(padded);
      return text();
    },
  };
}

function compress(state: Int32Array, words: Int32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15] ?? 0;
    const y = words[i - 2] ?? 0;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = ((words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + (words[i] ?? 0)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = ((state[i] ?? 0) + word) | 0;
}
