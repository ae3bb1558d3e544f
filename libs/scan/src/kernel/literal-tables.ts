import { type SetShare, setShare, shareOf } from '../yara/byte-shares.ts';
import { anchorBytes, type Literal, valuesOf } from '../yara/literals.ts';
import type { Line } from '../yara/pattern.ts';
import { TableWriter, tableWords } from './table-writer.ts';
import { type TextualLiteral, textPair } from './textual-literal.ts';

/** Tables for `assembly/literals.as.ts`; addresses count from where the bytes are put. */
export interface LiteralTables {
  readonly bytes: Uint8Array;
  /** Of the literals. */
  readonly count: number;
  readonly slots: number;
  readonly slotShift: number;
  /** Where the text kernel meets a literal, by its number; undefined for those that have to be looked for apart. */
  readonly textual: readonly (TextualLiteral | undefined)[];
}

const groupCount = 8;
const groupTableBytes = 32 * anchorBytes;

/** The tables of literals, each known by its index. */
export function literalTables(literals: readonly Literal[]): LiteralTables {
  const pairs = literals.map(textPair);
  const anchors = literals.map(anchorSets);
  const keys = anchors.map((sets, id) => (pairs[id] === undefined ? anchorKeys(sets) : []));
  const slotBits = Math.max(10, Math.ceil(Math.log2(4 * keys.reduce((sum, each) => sum + each.length, 1))));
  const slotShift = 32 - slotBits;
  const slots = groupTableBytes;
  const writer = new TableWriter(slots + 4 * 2 ** slotBits);
  writer.put(0, groupTables(anchors.filter((_sets, id) => pairs[id] === undefined).map(halvesOf)));
  const firsts = new Map<number, number>();
  const textual = literals.map((literal, id): TextualLiteral | undefined => {
    const entryOf = entryWriter(writer, literal, id);
    const pair = pairs[id];
    if (pair !== undefined) return { entry: entryOf(0), behindAnchor: pair.at - literal.anchor, pairs: pair.pairs };
    for (const slot of new Set(keys[id]?.map((key) => Math.imul(key, 0x9e3779b1) >>> slotShift))) {
      const entry = entryOf(firsts.get(slot) ?? 0);
      firsts.set(slot, entry);
      writer.put(slots + 4 * slot, tableWords(entry));
    }
    return undefined;
  });
  return { bytes: writer.bytes(), count: literals.length, slots, slotShift, textual };
}

/** Writes what the entries of a literal share; gives what writes an entry that leads to another. */
function entryWriter(writer: TableWriter, literal: Literal, id: number): (next: number) => number {
  const bytes = writer.add(paddedBytes(literal));
  const length = (literal.value.length + 7) & ~7;
  const [before = 0, after = 0] = [literal.before, literal.after].map((line) => (line.length === 0 ? 0 : writer.add(lineItems(line))));
  return (next) => writer.add(tableWords(next, id, bytes, length, literal.anchor, literal.size, before, after));
}

type AnchorValues = readonly (readonly number[])[];

/** The values that each byte of a literal's anchor may have. */
function anchorSets({ value, mask, anchor }: Literal): AnchorValues {
  return Array.from({ length: anchorBytes }, (_none, i) => valuesOf({ value: value[anchor + i] ?? 0, mask: mask[anchor + i] ?? 0 }));
}

function halvesOf(sets: AnchorValues): Group {
  const bits = (halfOf: (value: number) => number): readonly number[] => sets.map((values) => values.reduce((all, value) => all | (1 << halfOf(value)), 0));
  return { low: bits((value) => value & 15), high: bits((value) => value >> 4) };
}

/** The parts of a line for the kernel, with an end. */
function lineItems(line: Line): Uint8Array {
  return tableWords(...line.flatMap(({ value, mask, least, most }) => [value | (mask << 8) | ((least === 1 ? 1 : 2) << 16), Math.min(most, 0xffff_ffff)]), 0, 0);
}

/** All that an anchor may be, as the kernel hashes it: little-endian, each byte with bit 0x20 set. */
function anchorKeys(sets: AnchorValues): readonly number[] {
  let keys = [0];
  for (const [i, values] of sets.entries()) keys = [...new Set(values.map((value) => value | 0x20))].flatMap((value) => keys.map((key) => key | (value << (8 * i))));
  return keys;
}

function paddedBytes({ value, mask }: Literal): Uint8Array {
  const length = (value.length + 7) & ~7;
  const bytes = new Uint8Array(2 * length);
  bytes.set(value, 0);
  bytes.set(mask, length);
  return bytes;
}

/** For each byte of an anchor, the halves of bytes that the anchors of a group have. */
type Group = { readonly low: readonly number[]; readonly high: readonly number[] };

/** Puts each anchor into the group that lets the fewest places more through for it, and looks again when all are in. */
function groupTables(anchors: readonly Group[]): Uint8Array {
  const members: Set<Group>[] = Array.from({ length: groupCount }, () => new Set());
  const groups: Group[] = members.map(() => emptyGroup);
  const shares = groups.map(() => 0);
  for (const sets of [...anchors, ...anchors]) {
    const was = members.findIndex((each) => each.delete(sets));
    if (was >= 0) {
      groups[was] = [...(members[was] ?? [])].reduce(grownBy, emptyGroup);
      shares[was] = groupShare(groups[was] ?? emptyGroup);
    }
    const grown = groups.map((group) => grownBy(group, sets));
    const grownShares = grown.map(groupShare);
    const costs = grownShares.map((share, i) => share - (shares[i] ?? 0));
    const at = costs.indexOf(Math.min(...costs));
    members[at]?.add(sets);
    groups[at] = grown[at] ?? emptyGroup;
    shares[at] = grownShares[at] ?? 0;
  }
  const bytes = new Uint8Array(groupTableBytes);
  for (const [bit, { low, high }] of groups.entries()) {
    for (const [halves, first] of [[low, 0], [high, anchorBytes]] as const) {
      for (let at = 0; at < 16 * anchorBytes; at++) {
        if (((halves[at >> 4] ?? 0) >> (at & 15)) & 1) bytes[16 * first + at] = (bytes[16 * first + at] ?? 0) | (1 << bit);
      }
    }
  }
  return bytes;
}

const none = Array.from({ length: anchorBytes }, () => 0);
const emptyGroup: Group = { low: none, high: none };

function grownBy(one: Group, other: Group): Group {
  return { low: one.low.map((halves, i) => halves | (other.low[i] ?? 0)), high: one.high.map((halves, i) => halves | (other.high[i] ?? 0)) };
}

/** The share of places that a group lets through, roughly. */
function groupShare({ low, high }: Group): number {
  return shareOf(low.map((halves, i) => shareOfHalves(halves, high[i] ?? 0)));
}

const knownShares = new Map<number, SetShare>();

function shareOfHalves(low: number, high: number): SetShare {
  const key = low | (high << 16);
  const share = knownShares.get(key) ?? setShare(bytesOf(low, high));
  knownShares.set(key, share);
  return share;
}

function bytesOf(low: number, high: number): readonly number[] {
  const bytes: number[] = [];
  for (let upper = 0; upper < 16; upper++) {
    if (((high >> upper) & 1) === 0) continue;
    for (let lower = 0; lower < 16; lower++) if ((low >> lower) & 1) bytes.push((upper << 4) | lower);
  }
  return bytes;
}
