import type { Secret, SecretKey } from '@icecore/secrets';
import type { IndicatorHit, IndicatorType, KeyScheduleHit, ScanHit, TextEncodingName, WatchHit } from './hits.ts';
import type { FoundMagic } from './recognisers/magics.ts';
import type { Stretch } from './stretch.ts';
import type { YaraMatch } from './yara/engine.ts';

/** Most hits of one kind and name that a block gives; more of the same are counted and left out. */
export const maxBlockHits = 200;
/** Most different indicators that a block gives. */
export const maxBlockIndicators = 20_000;

/** Takes what a block's recognisers find. Offsets are those of the block's buffer. */
export interface Collector {
  readonly key: SecretKey;
  indicator(type: IndicatorType, value: string, encoding: TextEncodingName, offset: number): void;
  secret(secret: Secret, encoding: TextEncodingName, offset: number, byteLength: number): void;
  keyword(list: string, word: string, encoding: TextEncodingName, offset: number, context: () => string): void;
  watch(indicator: string, type: WatchHit['type'], encoding: TextEncodingName, offset: number): void;
  keySchedule(algorithm: KeyScheduleHit['algorithm'], hmac: string, offset: number): void;
  magic(magic: FoundMagic, offset: number): void;
  yara(match: YaraMatch): void;
  finish(): { readonly hits: readonly ScanHit[]; readonly dropped: number };
}

interface BlockContext {
  readonly stretch: Stretch;
  /** Offset of the buffer in the stretch, and of the block. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
  readonly key: SecretKey;
}

/** Bytes of a window in which words of many lists make a rule corpus, and how many lists that takes. */
const corpusWindowBytes = 65536;
const corpusLists = 6;

type Placed = { readonly offset: number; readonly make: (ruleCorpus: boolean) => ScanHit };

export function collector({ stretch, from, start, end, key }: BlockContext): Collector {
  const placed: Placed[] = [];
  const indicators = new Map<string, { offset: number; count: number; readonly type: IndicatorType; readonly value: string; readonly encoding: TextEncodingName }>();
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  const lists = new Map<number, Set<string>>();
  let dropped = 0;
  const inside = (offset: number): boolean => from + offset >= start && from + offset < end;
  const room = (name: string): boolean => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (count > maxBlockHits) dropped += 1;
    return count <= maxBlockHits;
  };
  const add = (name: string, offset: number, make: Placed['make']): void => {
    const id = `${name} ${offset}`;
    if (!inside(offset) || seen.has(id) || !room(name)) return;
    seen.add(id);
    placed.push({ offset, make });
  };
  const windowOf = (offset: number): Set<string> => {
    const window = Math.floor((from + offset) / corpusWindowBytes);
    const known = lists.get(window) ?? new Set();
    lists.set(window, known);
    return known;
  };
  return {
    key,
    indicator(type, value, encoding, offset) {
      if (!inside(offset)) return;
      const id = `${type} ${value}`;
      const known = indicators.get(id);
      if (known !== undefined) {
        known.count += 1;
        known.offset = Math.min(known.offset, offset);
      } else if (indicators.size < maxBlockIndicators) indicators.set(id, { type, value, encoding, offset, count: 1 });
      else dropped += 1;
    },
    secret(secret, encoding, offset, byteLength) {
      add(`secret ${secret.rule}`, offset, (ruleCorpus) => ({ kind: 'secret', secret, encoding, byteLength, place: stretch.placeOf(from + offset), ruleCorpus }));
    },
    keyword(list, word, encoding, offset, context) {
      if (!inside(offset)) return;
      windowOf(offset).add(list);
      add(`keyword ${list} ${word}`, offset, (ruleCorpus) => ({ kind: 'keyword', list, word, context: context().slice(0, 256), encoding, place: stretch.placeOf(from + offset), ruleCorpus }));
    },
    watch(indicator, type, encoding, offset) {
      add(`watch ${indicator}`, offset, () => ({ kind: 'watch', indicator, type, encoding, place: stretch.placeOf(from + offset) }));
    },
    keySchedule(algorithm, hmac, offset) {
      add(`key ${algorithm}`, offset, () => ({ kind: 'key_schedule', algorithm, hmac, hmacKeyId: key.id, place: stretch.placeOf(from + offset) }));
    },
    magic({ format, description }, offset) {
      add(`magic ${format}`, offset, () => ({ kind: 'magic', format, description, atStart: true, place: stretch.placeOf(from + offset) }));
    },
    yara({ rule, namespace, tags, meta, string, offset, length }) {
      // What needs no string is told once, where the block begins.
      const at = string === undefined ? start - from : offset;
      add(`yara ${namespace} ${rule} ${string ?? ''}`, at, () => ({ kind: 'yara', rule, namespace, tags, meta, string, byteLength: length, place: stretch.placeOf(from + at) }));
    },
    finish() {
      const hits = placed.map(({ offset, make }) => ({ offset, hit: make((lists.get(Math.floor((from + offset) / corpusWindowBytes))?.size ?? 0) >= corpusLists) }));
      for (const { type, value, encoding, offset, count } of indicators.values()) {
        const hit: IndicatorHit = { kind: 'indicator', type, value, encoding, count, place: stretch.placeOf(from + offset) };
        hits.push({ offset, hit });
      }
      hits.sort((a, b) => a.offset - b.offset || (sortKey(a.hit) < sortKey(b.hit) ? -1 : 1));
      return { hits: hits.map(({ hit }) => hit), dropped };
    },
  };
}

/** Orders hits at one place, so that their order does not depend on which recogniser came first. */
function sortKey(hit: ScanHit): string {
  switch (hit.kind) {
    case 'indicator':
      return `${hit.kind} ${hit.type} ${hit.value}`;
    case 'secret':
      return `${hit.kind} ${hit.secret.rule}`;
    case 'keyword':
      return `${hit.kind} ${hit.list} ${hit.word}`;
    case 'yara':
      return `${hit.kind} ${hit.namespace} ${hit.rule} ${hit.string ?? ''}`;
    default:
      return hit.kind;
  }
}
