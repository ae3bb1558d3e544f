// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- the library's own type check reads this file too
// @ts-nocheck AssemblyScript, not TypeScript: its types are the ones that tsconfig.json in this folder names
/*
 * Finds which of many literals stand in bytes. Those with enough text are met by the pass of text.as.ts; for the others there is a pass here. Each literal has an anchor of 4 bytes. For each place
 * of 16 at once, tables of the lower and the upper half of a byte tell which of 8 groups of anchors its byte could belong to
 * (as Hyperscan's Teddy does); where one group is left for 4 bytes in a row, a hash of them leads to the literals to compare.
 *
 * `../literal-tables.ts` writes what is read here; all numbers are little-endian, all addresses count from the groups':
 * groups   8 tables of 16 bytes: for bytes 0 to 3 of an anchor those of the lower half, then of the upper half; a bit a group
 * slots    addresses (u32) of the first entry, by the hash of an anchor whose bytes have bit 0x20 set; 0 for none
 * entries  address of the next (0 for none), number of the literal, address of its bytes, their count rounded up to a multiple of
 *          8 (what fills it up has a mask of 0), how far the anchor is behind the first byte, their count, address of the items
 *          before them and of those behind (0 for none; u32 each). At the address of its bytes stand those, then their masks
 * items    value, mask << 8, and kind << 16 (0 the end, 1 one byte, 2 up to so many bytes) as one u32, then the most of them (u32)
 */
let groups: usize = 0;
let slots: usize = 0;
let slotShift: u32 = 0;
let found: usize = 0;
let base: usize = 0;
let limit: usize = 0;
let out: usize = 0;
let left: usize = 0;
let spans: usize = 0;
let steps: u32 = 0;
/** Steps after which a line is taken to match: hostile bytes could take very many. */
const maxSteps: u32 = 4096;
/** How far the last byte of an anchor is behind the first. */
const behind: usize = 3;
const multiplier: u32 = 0x9e3779b1;

/**
 * `foundAt`: one byte for each literal, 0 where it was not met; `outAt`: the numbers (u32) of those that `find` met; `leftAt`: room
 * for an address (u32) of each byte that `find` looks at, and 16 bytes more; `spansAt`: for each literal that was met, the first and the
 * last offset (u32 each) at which its anchor stands, or may stand.
 */
export function configureLiterals(groupsAt: usize, slotsAt: usize, shift: u32, foundAt: usize, outAt: usize, leftAt: usize, spansAt: usize, buffer: usize): void {
  groups = groupsAt;
  slots = slotsAt;
  slotShift = shift;
  found = foundAt;
  out = outAt;
  left = leftAt;
  spans = spansAt;
  base = buffer;
}

/** Begins a new buffer of `length` bytes. */
export function beginLiterals(length: usize): void {
  limit = base + length;
}

/**
 * Looks at anchors that end in [from, to) of the buffer (multiples of 16), and returns the count of literals that were met there
 * and not before. 128 bytes on either side of the buffer are read too.
 */
export function find(from: usize, to: usize): u32 {
  const low0 = v128.load(groups);
  const low1 = v128.load(groups, 16);
  const low2 = v128.load(groups, 32);
  const low3 = v128.load(groups, 48);
  const high0 = v128.load(groups, 64);
  const high1 = v128.load(groups, 80);
  const high2 = v128.load(groups, 96);
  const high3 = v128.load(groups, 112);
  const half = i8x16.splat(0x0f);
  const end = base + to;
  let p = base + from - 16;
  const before = v128.load(p);
  let low = v128.and(before, half);
  let high = v128.and(i16x8.shr_u(before, 4), half);
  let a0 = v128.and(i8x16.relaxed_swizzle(low0, low), i8x16.relaxed_swizzle(high0, high));
  let a1 = v128.and(i8x16.relaxed_swizzle(low1, low), i8x16.relaxed_swizzle(high1, high));
  let a2 = v128.and(i8x16.relaxed_swizzle(low2, low), i8x16.relaxed_swizzle(high2, high));
  let place = left;
  let zeros = false;
  for (p += 16; p < end; p += 16) {
    const v = v128.load(p);
    if (!v128.any_true(v)) {
      // No anchor is of zeros alone.
      if (zeros) continue;
      zeros = true;
    } else zeros = false;
    low = v128.and(v, half);
    high = v128.and(i16x8.shr_u(v, 4), half);
    const b0 = v128.and(i8x16.relaxed_swizzle(low0, low), i8x16.relaxed_swizzle(high0, high));
    const b1 = v128.and(i8x16.relaxed_swizzle(low1, low), i8x16.relaxed_swizzle(high1, high));
    const b2 = v128.and(i8x16.relaxed_swizzle(low2, low), i8x16.relaxed_swizzle(high2, high));
    const b3 = v128.and(i8x16.relaxed_swizzle(low3, low), i8x16.relaxed_swizzle(high3, high));
    const c2 = i8x16.shuffle(a2, b2, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    const c1 = i8x16.shuffle(a1, b1, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
    const c0 = i8x16.shuffle(a0, b0, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
    const all = v128.and(v128.and(b3, c2), v128.and(c1, c0));
    a0 = b0;
    a1 = b1;
    a2 = b2;
    if (!v128.any_true(all)) continue;
    // Written without a branch for each: which places are left is hard to foretell.
    let places = <u32>i8x16.bitmask(i8x16.eq(all, i8x16.splat(0))) ^ 0xffff;
    const next = place + (<usize>popcnt(places) << 2);
    for (let i = 0; i < 4; i++) {
      store<u32>(place, <u32>p + ctz(places));
      place += 4;
      places &= places - 1;
    }
    while (place < next) {
      store<u32>(place, <u32>p + ctz(places));
      place += 4;
      places &= places - 1;
    }
    place = next;
  }
  return compare(place);
}

/** Looks at the places that are left. */
function compare(last: usize): u32 {
  let count: u32 = 0;
  for (let place = left; place < last; place += 4) {
    const at = <usize>load<u32>(place) - behind;
    const slot: u32 = ((load<u32>(at) | 0x20202020) * multiplier) >> slotShift;
    for (let entry = <usize>load<u32>(slots + (<usize>slot << 2)); entry != 0; entry = <usize>load<u32>(groups + entry)) {
      if (!meet(entry, at)) continue;
      store<u32>(out + (<usize>count << 2), load<u32>(groups + entry, 4));
      count += 1;
    }
  }
  return count;
}

/** Whether the literal of an entry, whose anchor would be at `at`, stands there, and was not met before. */
// @ts-ignore
@inline export function meet(entry: usize, at: usize): bool {
  return begins(groups + entry, at) && meetFirst(entry, at);
}

function meetFirst(entry: usize, at: usize): bool {
  const id = load<u32>(groups + entry, 4);
  const span = spans + (<usize>id << 3);
  const offset = <u32>(at - base);
  if (load<u8>(found + id) != 0) {
    // Its first bytes are enough to tell where it may stand again.
    if (offset < load<u32>(span)) store<u32>(span, offset);
    if (offset > load<u32>(span, 4)) store<u32>(span, offset, 4);
    return false;
  }
  if (!stands(groups + entry, at)) return false;
  store<u8>(found + id, 1);
  store<u32>(span, offset);
  store<u32>(span, offset, 4);
  return true;
}

// @ts-ignore
@inline function begins(entry: usize, at: usize): bool {
  const bytes = groups + <usize>load<u32>(entry, 8);
  return (load<u64>(at - <usize>load<u32>(entry, 16)) & load<u64>(bytes + <usize>load<u32>(entry, 12))) == load<u64>(bytes);
}

function stands(entry: usize, at: usize): bool {
  const bytes = groups + <usize>load<u32>(entry, 8);
  const length = <usize>load<u32>(entry, 12);
  const start = at - <usize>load<u32>(entry, 16);
  for (let i: usize = 0; i < length; i += 8) {
    if ((load<u64>(start + i) & load<u64>(bytes + length + i)) != load<u64>(bytes + i)) return false;
  }
  steps = 0;
  const after = <usize>load<u32>(entry, 28);
  if (after != 0 && !goesOn(groups + after, start + <usize>load<u32>(entry, 20), 1)) return false;
  const before = <usize>load<u32>(entry, 24);
  return before == 0 || goesOn(groups + before, start - 1, -1);
}

/** Whether items match what stands at `p` and on from there, forwards (1) or backwards (-1). */
function goesOn(items: usize, p: usize, direction: isize): bool {
  let item = items;
  for (;;) {
    const what = load<u32>(item);
    const kind = what >> 16;
    if (kind == 0) break;
    const value = what & 0xff;
    const mask = (what >> 8) & 0xff;
    if (kind == 2) {
      const most = load<u32>(item, 4);
      for (let count: u32 = 0; ; count++) {
        if (goesOn(item + 8, p, direction)) return true;
        steps += 1;
        if (steps > maxSteps) return true;
        if (count == most || p < base || p >= limit || (<u32>load<u8>(p) & mask) != value) return false;
        p += direction;
      }
    }
    if (p < base || p >= limit || (<u32>load<u8>(p) & mask) != value) return false;
    p += direction;
    item += 8;
  }
  return true;
}
