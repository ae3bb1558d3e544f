// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- the library's own type check reads this file too
// @ts-nocheck AssemblyScript, not TypeScript: its types are the ones that tsconfig.json in this folder names
/*
 * One pass over bytes that finds printable runs, ASCII and UTF-16LE, and within them the places at which a recogniser
 * should look: anchors, domains, dotted quads, at signs, long tokens. Compiled to WebAssembly by `tools/build/kernel.mjs`.
 *
 * `../tables.ts` writes what is read here; all numbers are little-endian, all lists begin at a multiple of 4:
 * pairs   16,384 bytes, one for each pair of ASCII characters (first + 128 * second): 0, or the number of its list; small
 *         enough to stay in a core's first cache. Of other bytes the lower 7 bits count: what a list leads to looks again
 * lists   256 addresses (u32) of lists: count (u32), then for each entry: kind, address of the anchor's bytes, their
 *         length, id, and how far the pair is behind the anchor's first byte (u32 each). Kinds: 0 anchor, 1 domain, 2 dotted quad, 3 at sign, 4 token,
 *         5 a literal of literals.as.ts: the address of its entry in place of the bytes', and how far the pair is behind its anchor
 * domains slots of 8 bytes: top-level domains in lower case, open addressing; 0 is free
 *
 * Events are written as four u32: kind, offset, length, id. Kinds: 1 printable run, 2 UTF-16LE run (length in
 * characters), 3 anchor, 4 domain, 5 dotted quad, 6 at sign, 7 token, 8 what may be an AES key schedule (length: of the key), 9 a literal, once for each. Bit 8 of the kind: found in UTF-16LE text, where
 * offset is that of the run's first byte, and `id` of anchors has the index of the character in its upper 20 bits.
 */

import { meet } from './literals.as';

export { beginLiterals, configureLiterals, find } from './literals.as';

let pairs: usize = 0;
let lists: usize = 0;
let domains: usize = 0;
let domainMask: u32 = 0;
let scratch: usize = 0;
let scratchLength: u32 = 0;

let base: usize = 0;
let limit: usize = 0;
let out: usize = 0;
let outStart: usize = 0;
let openRun: usize = 0;
let wideEnd: usize = 0;
/** Where the strip begins that is being looked at: what was printable before it was inspected with the strip before. */
let stripStart: usize = 0;

const leastRun: usize = 6;
const wide: u32 = 0x100;
/** Number of the list that holds nothing but a token, as `../tables.ts` gives it. */
const tokenList: u32 = 1;

export function configure(pairsAt: usize, listsAt: usize, domainsAt: usize, mask: u32, scratchAt: usize, scratchBytes: u32): void {
  pairs = pairsAt;
  lists = listsAt;
  domains = domainsAt;
  domainMask = mask;
  scratch = scratchAt;
  scratchLength = scratchBytes;
}

/** Begins a new buffer of `length` bytes at `buffer`; 128 zero bytes must stand on either side of it. */
export function begin(buffer: usize, length: usize, events: usize): void {
  base = buffer;
  limit = buffer + length;
  outStart = events;
  openRun = 0;
  wideEnd = 0;
}

// @ts-ignore
@inline function printable16(p: usize): u32 {
  const v = v128.load(p);
  const text = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x20)), i8x16.splat(0x5f));
  return <u32>i8x16.bitmask(v128.or(text, i8x16.eq(v, i8x16.splat(9))));
}

// @ts-ignore
@inline function printable64(p: usize): u64 {
  return <u64>printable16(p) | (<u64>printable16(p + 16) << 16) | (<u64>printable16(p + 32) << 32) | (<u64>printable16(p + 48) << 48);
}

// @ts-ignore
@inline function zero16(p: usize): u32 {
  return <u32>i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0)));
}

// @ts-ignore
@inline function zero64(p: usize): u64 {
  return <u64>zero16(p) | (<u64>zero16(p + 16) << 16) | (<u64>zero16(p + 32) << 32) | (<u64>zero16(p + 48) << 48);
}

// @ts-ignore
@inline function emit(kind: u32, offset: u32, length: u32, id: u32): void {
  store<u32>(out, kind);
  store<u32>(out, offset, 4);
  store<u32>(out, length, 8);
  store<u32>(out, id, 12);
  out += 16;
}

/**
 * Looks at [from, to) of the buffer (offsets, multiples of 64, to at most its length rounded up) and returns the count of
 * events. What begins in it is followed beyond `to`.
 */
export function scan(from: usize, to: usize): u32 {
  out = outStart;
  stripStart = base + from;
  const end = base + to;
  let p = base + from;
  let m = printable64(p);
  // The byte before a strip belongs to the strip before; a run that it is part of is open, or too short.
  let carry: u64 = isPrintable(<u32>load<u8>(p - 1)) ? 1 : 0;
  for (; p < end; p += 64) {
    const n = printable64(p + 64);
    if ((m | <u64>openRun) != 0) {
      // A UTF-16LE character is printable between two bytes that are not: three of them in a row are worth a look.
      const lone = m & ~(m >> 1) & ~(m << 1);
      if ((lone & (lone >> 2) & (lone >> 4)) != 0) wideRuns(p, m);
      runs(p, m, n, carry);
    }
    carry = m >> 63;
    m = n;
  }
  if (openRun != 0) {
    if (end >= limit) closeRun(min(end, limit));
    else if (openRun >= stripStart) inspectRun(openRun, end, 0, 0);
    else inspect(stripStart, end, 0, 0);
  }
  return <u32>((out - outStart) >> 4);
}

/** Ends the run that is open. What of it lies in this strip is inspected; the strips before did theirs. */
function closeRun(at: usize): void {
  const start = openRun;
  openRun = 0;
  if (at - start < leastRun) return;
  emit(1, <u32>(start - base), <u32>(at - start), 0);
  if (start >= stripStart) inspectRun(start, at, 0, 0);
  else inspect(stripStart, at, 0, 0);
}

/** Takes the runs of six bytes and more that begin in a block of 64, whose printable bytes are the bits of `m`; `n` are those of the next. */
function runs(p: usize, m: u64, n: u64, carry: u64): void {
  if (openRun != 0) {
    const gap = ~m;
    if (gap == 0) return;
    closeRun(p + <usize>ctz(gap));
  }
  const next = n & (n >> 1);
  const two = m & ((m >> 1) | (n << 63));
  const four = two & ((two >> 2) | (next << 62));
  const six = four & ((two >> 4) | (next << 60));
  let starts = six & ~((m << 1) | carry);
  while (starts != 0) {
    const b = ctz(starts);
    starts &= starts - 1;
    const gap = ~m & (<u64>(-1) << b);
    if (gap == 0) {
      openRun = p + <usize>b;
      return;
    }
    const e = ctz(gap);
    emit(1, <u32>(p + <usize>b - base), <u32>(e - b), 0);
    inspectRun(p + <usize>b, p + <usize>e, 0, 0);
  }
}

// @ts-ignore
@inline function isPrintable(byte: u32): bool {
  return byte - 0x20 < 0x5f || byte == 9;
}

// @ts-ignore
@inline function isAlnum(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10;
}

/** UTF-16LE runs that have three characters in this block; each run once, copied into `scratch` as single bytes. */
function wideRuns(p: usize, m: u64): void {
  const w = m & ((zero64(p) >> 1) | (zero64(p + 64) << 63));
  let rest = w & (w >> 2) & (w >> 4);
  while (rest != 0) {
    const b = ctz(rest);
    rest &= rest - 1;
    let start = p + <usize>b;
    if (start < wideEnd) continue;
    while (start >= base + 2 && start - 2 >= wideEnd && isPrintable(load<u8>(start - 2)) && load<u8>(start - 1) == 0) start -= 2;
    let at = start;
    let length: u32 = 0;
    while (at + 1 < limit && length < scratchLength && isPrintable(load<u8>(at)) && load<u8>(at + 1) == 0) {
      store<u8>(scratch + length, load<u8>(at));
      length += 1;
      at += 2;
    }
    if (<usize>length < leastRun) continue;
    wideEnd = at;
    store<u64>(scratch + length, 0);
    store<u64>(scratch + length, 0, 8);
    emit(2, <u32>(start - base), length, 0);
    inspectRun(scratch, scratch + length, wide, <u32>(start - base));
  }
}

/** Looks at a run that begins at `start`. Its first token begins behind a byte that is no character: NUL stands for that. */
function inspectRun(start: usize, end: usize, flag: u32, run: u32): void {
  const list = <u32>load<u8>(pairs + (<usize>load<u8>(start) << 7));
  if (list != 0) noticed(list, start - 1, flag, run);
  inspect(start, end, flag, run);
}

/** Looks for places of interest at the pairs of bytes whose first is in [from, to). */
function inspect(from: usize, to: usize, flag: u32, run: u32): void {
  let p = from;
  for (; p + 3 < to; p += 4) {
    const v = load<u32>(p) & 0x7f7f7f7f;
    const a = <u32>load<u8>(pairs + ((v & 0x7f) | ((v >> 1) & 0x3f80)));
    const b = <u32>load<u8>(pairs + (((v >> 8) & 0x7f) | ((v >> 9) & 0x3f80)));
    const c = <u32>load<u8>(pairs + (((v >> 16) & 0x7f) | ((v >> 17) & 0x3f80)));
    const d = <u32>load<u8>(pairs + ((v >> 24) | ((<u32>load<u8>(p + 4) & 0x7f) << 7)));
    if ((a | b | c | d) == 0) continue;
    if (a != 0) noticed(a, p, flag, run);
    if (b != 0) noticed(b, p + 1, flag, run);
    if (c != 0) noticed(c, p + 2, flag, run);
    if (d != 0) noticed(d, p + 3, flag, run);
  }
  for (; p < to; p++) {
    const list = <u32>load<u8>(pairs + ((<u32>load<u8>(p) & 0x7f) | ((<u32>load<u8>(p + 1) & 0x7f) << 7)));
    if (list != 0) noticed(list, p, flag, run);
  }
}

/** Where only a long token could begin, one look tells nearly always that none does. */
// @ts-ignore
@inline function noticed(list: u32, p: usize, flag: u32, run: u32): void {
  if (list != tokenList || alnum16(p + 1)) follow(list, p, flag, run);
}

function follow(list: u32, p: usize, flag: u32, run: u32): void {
  if (list == tokenList) {
    token(p + 1, flag, run);
    return;
  }
  const at = load<u32>(lists + (list << 2));
  const count = load<u32>(at);
  let entry: usize = at + 4;
  for (let i: u32 = 0; i < count; i++, entry += 20) {
    const kind = load<u32>(entry);
    if (kind == 0) anchor(entry, p, flag, run);
    else if (kind == 1) domain(p, flag, run);
    else if (kind == 2) quad(p, flag, run);
    else if (kind == 3) emit(6 | flag, flag == 0 ? <u32>(p - base) : run, 1, flag == 0 ? 0 : <u32>(p - scratch) << 12);
    else if (kind == 4) token(p + 1, flag, run);
    else if (flag == 0 && meet(<usize>load<u32>(entry, 4), p - <usize>load<u32>(entry, 16))) emit(9, <u32>(p - base), 0, load<u32>(entry, 12));
  }
}

function anchor(entry: usize, at: usize, flag: u32, run: u32): void {
  const bytes: usize = load<u32>(entry, 4);
  const length: usize = load<u32>(entry, 8);
  const p = at - <usize>load<u32>(entry, 16);
  for (let i: usize = 0; i < length; i++) if (load<u8>(p + i) != load<u8>(bytes + i)) return;
  const id = load<u32>(entry, 12);
  if (flag == 0) emit(3, <u32>(p - base), <u32>length, id);
  else emit(3 | flag, run, <u32>length, id | (<u32>(p - scratch) << 12));
}

// @ts-ignore
@inline function isHostByte(byte: u32): bool {
  return isAlnum(byte) || byte == 0x2d || byte == 0x2e || byte == 0x5f;
}

/** `p` is at a dot before a letter: a domain where what follows is a top-level domain and nothing more of a name. */
function domain(p: usize, flag: u32, run: u32): void {
  let end = p + 1;
  let name: u64 = 0;
  while (end - p <= 9) {
    const byte = <u32>load<u8>(end);
    if ((byte | 0x20) - 0x61 >= 26) break;
    name = (name << 8) | <u64>(byte | 0x20);
    end += 1;
  }
  const length = end - p - 1;
  if (length < 2 || length > 8) return;
  const next = <u32>load<u8>(end);
  if (isAlnum(next) || next == 0x2d || next == 0x5f || next == 0x28 || next == 0x3d) return;
  if (next == 0x2e && isAlnum(<u32>load<u8>(end + 1))) return;
  let slot = hash(name) & domainMask;
  for (;;) {
    const known = load<u64>(domains + (<usize>slot << 3));
    if (known == 0) return;
    if (known == name) break;
    slot = (slot + 1) & domainMask;
  }
  let start = p;
  while (p - start < 253 && isHostByte(<u32>load<u8>(start - 1))) start -= 1;
  if (p - start < 2) return;
  place(4, start, end, flag, run);
}

function hash(name: u64): u32 {
  return <u32>((name * 0x9e3779b97f4a7c15) >> 40);
}

/** `p` is at a dot before a digit: emitted where it is the first dot of four numbers up to 255. */
function quad(p: usize, flag: u32, run: u32): void {
  let start = p;
  while (p - start < 4 && <u32>load<u8>(start - 1) - 0x30 < 10) start -= 1;
  const first = p - start;
  if (first == 0 || first > 3) return;
  const before = <u32>load<u8>(start - 1);
  if (isAlnum(before) || before == 0x2e || before == 0x2d || before == 0x5f) return;
  let at = start;
  for (let i = 0; i < 4; i++) {
    let value: u32 = 0;
    let digits = 0;
    while (digits < 4 && <u32>load<u8>(at) - 0x30 < 10) {
      value = value * 10 + (<u32>load<u8>(at) - 0x30);
      at += 1;
      digits += 1;
    }
    if (digits == 0 || digits > 3 || value > 255) return;
    if (i < 3) {
      if (load<u8>(at) != 0x2e) return;
      at += 1;
    }
  }
  const next = <u32>load<u8>(at);
  if (isAlnum(next) || next == 0x2d || next == 0x5f || (next == 0x2e && <u32>load<u8>(at + 1) - 0x30 < 10)) return;
  place(5, start, at, flag, run);
}

// @ts-ignore
@inline function alnum16(p: usize): bool {
  const v = v128.load(p);
  const letters = i8x16.lt_u(i8x16.sub(v128.or(v, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26));
  const digits = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x30)), i8x16.splat(10));
  return i8x16.all_true(v128.or(letters, digits));
}

/** A token of letters and digits that begins at `p`: emitted from 26 to 128 characters on, as long as it is. */
function token(p: usize, flag: u32, run: u32): void {
  if (!alnum16(p + 10) || !alnum16(p)) return;
  let end = p + 26;
  while (end - p < 130 && isAlnum(<u32>load<u8>(end))) end += 1;
  if (end - p > 128 || load<u8>(end) == 0x5f) return;
  place(7, p, end, flag, run);
}

function place(kind: u32, start: usize, end: usize, flag: u32, run: u32): void {
  if (flag == 0) emit(kind, <u32>(start - base), <u32>(end - start), 0);
  else emit(kind | flag, run, <u32>(end - start), <u32>(start - scratch) << 12);
}

/**
 * Looks at [from, to) of the buffer (multiples of 16) for words that may be an expanded AES key: in a schedule of a key of k
 * words, word k+i is word k+i-1 XOR word i for i from 1 to k-1 (FIPS 197, 5.2). Tests three of these and leaves the
 * rest to the caller. Returns the count of events, at most `most`.
 */
export function schedules(from: usize, to: usize, most: u32): u32 {
  out = outStart;
  const end = base + to;
  const stop = outStart + ((<usize>most) << 4);
  for (let p = base + from; p < end && out < stop; p += 16) {
    if (!v128.any_true(v128.load(p))) continue;
    const a = linked(p, 4);
    const b = linked(p, 6);
    const c = linked(p, 8);
    if (!v128.any_true(v128.or(a, v128.or(b, c)))) continue;
    takeSchedules(p, i32x4.bitmask(a), 16);
    takeSchedules(p, i32x4.bitmask(b), 24);
    takeSchedules(p, i32x4.bitmask(c), 32);
  }
  return <u32>((out - outStart) >> 4);
}

/** Lanes whose word is the first of what may be a schedule with keys of `k` words. */
// @ts-ignore
@inline function linked(p: usize, k: usize): v128 {
  const first = v128.load(p + 4);
  const one = i32x4.eq(v128.xor(v128.load(p + 4 * k), v128.load(p + 4 * k + 4)), first);
  const two = i32x4.eq(v128.xor(v128.load(p + 4 * k + 4), v128.load(p + 4 * k + 8)), v128.load(p + 8));
  const three = i32x4.eq(v128.xor(v128.load(p + 4 * k + 8), v128.load(p + 4 * k + 12)), v128.load(p + 12));
  return v128.andnot(v128.and(one, v128.and(two, three)), i32x4.eq(first, i32x4.splat(0)));
}

function takeSchedules(p: usize, lanes: i32, keyBytes: u32): void {
  for (let lane = 0; lane < 4; lane++) {
    if ((lanes & (1 << lane)) != 0) emit(8, <u32>(p - base) + 4 * lane, keyBytes, 0);
  }
}
