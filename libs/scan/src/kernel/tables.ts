import { TableWriter, tableWords } from './table-writer.ts';
import type { TextualLiteral } from './textual-literal.ts';

/** Where the kernel's tables lie in its memory, and their bytes. */
export interface KernelTables {
  readonly bytes: Uint8Array;
  readonly pairs: number;
  readonly lists: number;
  readonly domains: number;
  readonly domainMask: number;
  /** Most anchors and patterns that are told of one place. */
  readonly mostAtOnce: number;
}

interface Entry {
  readonly kind: 0 | 1 | 2 | 3 | 4 | 5;
  /** Address of the anchor's bytes, or of a literal's entry. */
  readonly bytes: number;
  readonly length: number;
  readonly id: number;
  /** How far the pair is behind the anchor's first byte. */
  readonly shift: number;
}

const pairTableBytes = 16384;
const maxLists = 256;

/**
 * The tables for anchors (2 to 255 bytes of printable ASCII, each known by its index) and top-level domains (2 to 8 letters in
 * lower case). `assembly/text.as.ts` says how they are read.
 */
export function kernelTables(anchors: readonly string[], topLevelDomains: readonly string[], literals: readonly (TextualLiteral | undefined)[] = []): KernelTables {
  const writer = new TableWriter(pairTableBytes + maxLists * 4);
  const lists = new Map<number, Entry[]>();
  const add = (first: number, second: number, entry: Entry): void => {
    const pair = first | (second << 7);
    lists.set(pair, [...(lists.get(pair) ?? []), entry]);
  };
  for (const [id, anchor] of anchors.entries()) {
    const bytes = Buffer.from(anchor, 'latin1');
    if (bytes.length < 2 || bytes.length > 255) throw new RangeError(`an anchor has 2 to 255 bytes, not ${bytes.length}`);
    const shift = rarestPair(anchor);
    add(bytes[shift] ?? 0, bytes[shift + 1] ?? 0, { kind: 0, bytes: writer.add(bytes), length: bytes.length, id, shift });
  }
  for (const [id, literal] of literals.entries()) {
    for (const [first, second] of literal?.pairs ?? []) add(first, second, { kind: 5, bytes: literal?.entry ?? 0, length: 0, id, shift: literal?.behindAnchor ?? 0 });
  }
  addPatterns(add);
  writeLists(writer, lists);
  const mostAtOnce = Math.max(...[...lists.values()].map((entries) => mostToldOf(entries, anchors)));
  const { at, mask } = writeDomains(writer, topLevelDomains);
  return { bytes: writer.bytes(), pairs: 0, lists: pairTableBytes, domains: at, domainMask: mask, mostAtOnce };
}

/** Characters of text in memory, the most common first; what is not here is rarer than these. */
const common = ' etaoinsrlcdupm_hgf0.b12y/wkEv-=TSAxRCI3Nq84L5,OD:6MPj7z9B()FUGHVWKXYQJZ';

/** How rare a pair of characters is in text: each look at an anchor that is not there costs time. */
export function pairRarity(first: number, second: number): number {
  const rank = (code: number): number => {
    const at = common.indexOf(String.fromCharCode(code));
    return at < 0 ? common.length : at;
  };
  return rank(first) * rank(second);
}

/** Where in an anchor the pair stands that text has least often. */
function rarestPair(anchor: string): number {
  let best = 0;
  let rarest = -1;
  for (let i = 0; i + 1 < anchor.length; i++) {
    const rarity = pairRarity(anchor.charCodeAt(i), anchor.charCodeAt(i + 1));
    if (rarity > rarest) {
      rarest = rarity;
      best = i;
    }
  }
  return best;
}

const isAlnum = (byte: number): boolean => /[A-Za-z0-9]/.test(String.fromCharCode(byte));

/** The pairs at which a domain, a dotted quad, an address or a long token may be. */
function addPatterns(add: (first: number, second: number, entry: Entry) => void): void {
  const entry = (kind: Entry['kind']): Entry => ({ kind, bytes: 0, length: 0, id: 0, shift: 0 });
  for (let byte = 0; byte < 128; byte++) {
    const letter = /[A-Za-z]/.test(String.fromCharCode(byte));
    const digit = byte >= 0x30 && byte <= 0x39;
    if (letter) add(0x2e, byte, entry(1));
    if (digit) add(0x2e, byte, entry(2));
    if (letter || digit) add(0x40, byte, entry(3));
    if (isAlnum(byte)) continue;
    // Hashes begin with a hexadecimal digit; wallets with 1, 3, 4, 8, b or 0.
    for (const first of '0123456789abcdefABCDEF') add(byte, first.charCodeAt(0), entry(4));
  }
}

function writeLists(writer: TableWriter, lists: ReadonlyMap<number, readonly Entry[]>): void {
  // The list of a token alone is the first, which the kernel knows by its number.
  const isToken = (entries: readonly Entry[]): boolean => entries.length === 1 && entries[0]?.kind === 4;
  for (const [i, { pairs, entries }] of sharedLists(lists, isToken).entries()) {
    const at = writer.add(tableWords(entries.length, ...entries.flatMap(({ kind, bytes, length, id, shift }) => [kind, bytes, length, id, shift])));
    writer.put(pairTableBytes + 4 * (i + 1), tableWords(at));
    for (const pair of pairs) writer.put(pair, Uint8Array.of(i + 1));
  }
}

/** Most of a list that can stand at one place: an anchor, and those that do not contradict it. */
function mostToldOf(entries: readonly Entry[], anchors: readonly string[]): number {
  const placed = entries.filter(({ kind }) => kind === 0).map(({ id, shift }) => ({ text: anchors[id] ?? '', shift }));
  const fits = (one: (typeof placed)[number], other: (typeof placed)[number]): boolean => {
    for (let at = -Math.min(one.shift, other.shift); at < Math.min(one.text.length - one.shift, other.text.length - other.shift); at++) {
      if (one.text[one.shift + at] !== other.text[other.shift + at]) return false;
    }
    return true;
  };
  return entries.length - placed.length + Math.max(0, ...placed.map((one) => placed.filter((other) => fits(one, other)).length));
}

interface SharedList {
  readonly pairs: number[];
  readonly entries: Entry[];
}

/**
 * The lists, at most `maxLists - 1`. Where there are more, pairs share one that lead to other anchors, but to the same patterns: the
 * kernel compares every anchor that a list names.
 */
function sharedLists(lists: ReadonlyMap<number, readonly Entry[]>, isFirst: (entries: readonly Entry[]) => boolean): readonly SharedList[] {
  const keyOf = (entries: readonly Entry[]): string => entries.map(({ kind, bytes, id, shift }) => `${kind} ${bytes} ${id} ${shift}`).join();
  const patternsOf = (entries: readonly Entry[]): string => entries.flatMap(({ kind }) => (isAnchor(kind) ? [] : [kind])).join();
  const distinct = new Map<string, SharedList>();
  for (const [pair, entries] of [...lists].sort(([, one], [, other]) => Number(isFirst(other)) - Number(isFirst(one)))) {
    const known = distinct.get(keyOf(entries));
    if (known === undefined) distinct.set(keyOf(entries), { pairs: [pair], entries: [...entries] });
    else known.pairs.push(pair);
  }
  const [first, ...rest] = [...distinct.values()];
  if (first === undefined || rest.length < maxLists - 1) return [...distinct.values()];
  const classes = Map.groupBy(rest, ({ entries }) => patternsOf(entries));
  const room = maxLists - 2 - classes.size;
  return [first, ...[...classes.values()].flatMap((members) => merged(members, 1 + Math.floor((room * members.length) / rest.length)))];
}

/** An anchor or a literal: the kernel compares it before it tells of it. */
const isAnchor = (kind: Entry['kind']): boolean => kind === 0 || kind === 5;

/** At most `most` lists of lists with the same patterns: those of common pairs stay by themselves, those of rare ones share. */
function merged(lists: readonly SharedList[], most: number): readonly SharedList[] {
  if (lists.length <= most) return lists;
  const byRarity = [...lists].sort((one, other) => rarityOf(one) - rarityOf(other));
  const shared = Math.min(most, Math.ceil((lists.length - most) / 3));
  const alone = byRarity.slice(0, most - shared);
  const together: SharedList[] = Array.from({ length: shared }, () => ({ pairs: [], entries: [] }));
  for (const [i, { pairs, entries }] of byRarity.slice(most - shared).entries()) {
    const into = together[i % shared];
    into?.pairs.push(...pairs);
    into?.entries.push(...(i < shared ? entries : entries.filter(({ kind }) => isAnchor(kind))));
  }
  return [...alone, ...together];
}

/** That of the most common pair of a list. */
function rarityOf({ pairs }: SharedList): number {
  return Math.min(...pairs.map((pair) => pairRarity(pair & 127, pair >> 7)));
}

function writeDomains(writer: TableWriter, names: readonly string[]): { at: number; mask: number } {
  const slots = 2 ** Math.ceil(Math.log2(names.length * 3 + 2));
  const table = new BigUint64Array(slots);
  for (const name of names) {
    let value = 0n;
    for (const character of name) value = (value << 8n) | BigInt(character.charCodeAt(0));
    let slot = Number(BigInt.asUintN(64, value * 0x9e3779b97f4a7c15n) >> 40n) & (slots - 1);
    while (table[slot] !== 0n) slot = (slot + 1) & (slots - 1);
    table[slot] = value;
  }
  return { at: writer.add(new Uint8Array(table.buffer)), mask: slots - 1 };
}
