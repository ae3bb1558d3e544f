// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- the library's own type check reads this file too
// @ts-nocheck AssemblyScript, not TypeScript: its types are the ones that tsconfig.json in this folder names
/*
 * The scanning half of the literal search, compiled to WebAssembly by `tools/build/kernel.mjs`. `../memory-image.ts` writes
 * the records that it reads; all numbers in them are little-endian u32, all records begin at a multiple of 16.
 *
 * pattern  length, 12 bytes unused, then for every 16 bytes of the pattern: 16 bytes, 16 folds. A byte `b` of the
 *          buffer matches where (b | fold) equals the pattern's byte. The tail is filled with 0xff, 0xff, which
 *          match everything.
 * matches  count, then for each: address of the pattern, distance from the pattern's start to the place at which
 *          the scan notices it, index of the pattern.
 * pair     first byte ×16, its fold ×16, second byte ×16, its fold ×16, near step, far step, address of matches,
 *          count of patterns.
 * nibbles  for each of three consecutive bytes: what its low nibble allows, what its high nibble allows (16 bytes
 *          each, a bit a bucket); 64 bytes of scratch; eight addresses of matches; count of patterns.
 */

let bufferStart: usize = 0;
let scanLength: usize = 0;
let availableEnd: usize = 0;
let hitsStart: usize = 0;
let hitsTop: usize = 0;
let hitsEnd: usize = 0;

/** Says where the next scans work; addresses and lengths in bytes. */
export function prepare(buffer: usize, scan: usize, available: usize, hits: usize, hitsBytes: usize): void {
  bufferStart = buffer;
  scanLength = scan;
  availableEnd = buffer + available;
  hitsStart = hits;
  hitsTop = hits;
  hitsEnd = hits + hitsBytes;
}

/** Count of the hits in the result area, which is empty after this. */
export function takeHits(): u32 {
  const count = <u32>((hitsTop - hitsStart) >> 2);
  hitsTop = hitsStart;
  return count;
}

/**
 * Looks at [from, to) for the first byte of a pair with the second one at the near or the far step after it.
 * Returns `to`, or where to go on once the hits have been taken.
 */
export function scanPair(pass: usize, from: usize, to: usize): usize {
  const first = v128.load(pass);
  const second = v128.load(pass, 32);
  const near: usize = load<u32>(pass, 64);
  const far: usize = load<u32>(pass, 68);
  const matches: usize = load<u32>(pass, 72);
  const room = worstBlock(load<u32>(pass, 76));
  for (let at = from; at < to; at += 64) {
    const a = pairAt(at, near, far, first, second);
    const b = pairAt(at + 16, near, far, first, second);
    const c = pairAt(at + 32, near, far, first, second);
    const d = pairAt(at + 48, near, far, first, second);
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) {
      if (hitsEnd - hitsTop < room) return at;
      takePairs(matches, at, a, b, c, d);
    }
  }
  return to;
}

/** `scanPair` for bytes that may differ in ASCII case. */
export function scanPairFolded(pass: usize, from: usize, to: usize): usize {
  const first = v128.load(pass);
  const firstFold = v128.load(pass, 16);
  const second = v128.load(pass, 32);
  const secondFold = v128.load(pass, 48);
  const near: usize = load<u32>(pass, 64);
  const far: usize = load<u32>(pass, 68);
  const matches: usize = load<u32>(pass, 72);
  const room = worstBlock(load<u32>(pass, 76));
  for (let at = from; at < to; at += 64) {
    const a = foldedPairAt(at, near, far, first, firstFold, second, secondFold);
    const b = foldedPairAt(at + 16, near, far, first, firstFold, second, secondFold);
    const c = foldedPairAt(at + 32, near, far, first, firstFold, second, secondFold);
    const d = foldedPairAt(at + 48, near, far, first, firstFold, second, secondFold);
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) {
      if (hitsEnd - hitsTop < room) return at;
      takePairs(matches, at, a, b, c, d);
    }
  }
  return to;
}

/**
 * Looks at [from, to) for the last of three consecutive bytes that some bucket allows. Reads up to 16 bytes before
 * `from`. Returns as `scanPair` does.
 */
export function scanNibbles(pass: usize, from: usize, to: usize): usize {
  const low0 = v128.load(pass);
  const high0 = v128.load(pass, 16);
  const low1 = v128.load(pass, 32);
  const high1 = v128.load(pass, 48);
  const low2 = v128.load(pass, 64);
  const high2 = v128.load(pass, 80);
  const scratch = pass + 96;
  const lists = pass + 160;
  const room = worstBlock(load<u32>(pass, 192));
  let before0 = allowed(v128.load(from - 16), low0, high0);
  let before1 = allowed(v128.load(from - 16), low1, high1);
  for (let at = from; at < to; at += 32) {
    let bytes = v128.load(at);
    const middle0 = allowed(bytes, low0, high0);
    const middle1 = allowed(bytes, low1, high1);
    const a = inARow(before0, middle0, before1, middle1, allowed(bytes, low2, high2));
    bytes = v128.load(at, 16);
    before0 = allowed(bytes, low0, high0);
    before1 = allowed(bytes, low1, high1);
    const b = inARow(middle0, before0, middle1, before1, allowed(bytes, low2, high2));
    if (v128.any_true(v128.or(a, b))) {
      if (hitsEnd - hitsTop < room) return at;
      v128.store(scratch, a);
      v128.store(scratch, b, 16);
      takeBuckets(lists, scratch, at, positions(a) | (positions(b) << 16));
    }
  }
  return to;
}

function pairAt(at: usize, near: usize, far: usize, first: v128, second: v128): v128 {
  return v128.and(
    i8x16.eq(v128.load(at), first),
    v128.or(i8x16.eq(v128.load(at + near), second), i8x16.eq(v128.load(at + far), second)),
  );
}

function foldedPairAt(at: usize, near: usize, far: usize, first: v128, firstFold: v128, second: v128, secondFold: v128): v128 {
  return v128.and(
    i8x16.eq(v128.or(v128.load(at), firstFold), first),
    v128.or(
      i8x16.eq(v128.or(v128.load(at + near), secondFold), second),
      i8x16.eq(v128.or(v128.load(at + far), secondFold), second),
    ),
  );
}

/** For every byte the buckets that allow it. */
function allowed(bytes: v128, low: v128, high: v128): v128 {
  const nibble = i8x16.splat(0x0f);
  return v128.and(
    i8x16.swizzle(low, v128.and(bytes, nibble)),
    i8x16.swizzle(high, v128.and(i16x8.shr_u(bytes, 4), nibble)),
  );
}

/** For every byte the buckets that allow it as third, the one before it as second, the one before that as first. */
function inARow(before0: v128, now0: v128, before1: v128, now1: v128, now2: v128): v128 {
  const first = i8x16.shuffle(before0, now0, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
  const second = i8x16.shuffle(before1, now1, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  return v128.and(now2, v128.and(first, second));
}

/** Bytes that the hits of one block may take: a block has at most 64 places, a hit four bytes. */
function worstBlock(patterns: usize): usize {
  return patterns * 256;
}

function positions(found: v128): u32 {
  return <u32>i8x16.bitmask(i8x16.ne(found, i8x16.splat(0)));
}

function takePairs(matches: usize, at: usize, a: v128, b: v128, c: v128, d: v128): void {
  let left = <u64>i8x16.bitmask(a) | (<u64>i8x16.bitmask(b) << 16) | (<u64>i8x16.bitmask(c) << 32) | (<u64>i8x16.bitmask(d) << 48);
  for (; left != 0; left &= left - 1) take(matches, at + <usize>ctz(left));
}

function takeBuckets(lists: usize, scratch: usize, at: usize, found: u32): void {
  for (let left = found; left != 0; left &= left - 1) {
    const position: usize = ctz(left);
    for (let buckets: u32 = load<u8>(scratch + position); buckets != 0; buckets &= buckets - 1) {
      take(load<u32>(lists + (<usize>ctz(buckets) << 2)), at + position);
    }
  }
}

/** Notes as hits the matches that are there: start offset << 6 | index of the pattern. */
function take(matches: usize, at: usize): void {
  const end = matches + 4 + 12 * <usize>load<u32>(matches);
  for (let match = matches + 4; match < end; match += 12) {
    const pattern: usize = load<u32>(match);
    const start = at - <usize>load<u32>(match, 4);
    // Unsigned: a start before the buffer is a huge offset.
    const offset = start - bufferStart;
    if (offset >= scanLength || start + <usize>load<u32>(pattern) > availableEnd) continue;
    if (!equals(pattern, start)) continue;
    store<u32>(hitsTop, (<u32>offset << 6) | load<u32>(match, 8));
    hitsTop += 4;
  }
}

function equals(pattern: usize, start: usize): bool {
  let expected = pattern + 16;
  if (!equals16(start, expected)) return false;
  const end = start + <usize>load<u32>(pattern);
  for (let at = start + 16; at < end; at += 16) {
    expected += 32;
    if (!equals16(at, expected)) return false;
  }
  return true;
}

function equals16(at: usize, expected: usize): bool {
  return i8x16.all_true(i8x16.eq(v128.or(v128.load(at), v128.load(expected, 16)), v128.load(expected)));
}
