import { describeSecret, redact, type SecretKey, secretsAt } from '@icecore/secrets';
import { type AnchorRole, anchorRoles } from './anchors.ts';
import { lineAround, type TextPlace, type TextWindow, windowAt } from './block-text.ts';
import { collector, type Collector } from './collector.ts';
import type { ScanHit } from './hits.ts';
import { eventKind, type TextKernel, textKernel } from './kernel/text-kernel.ts';
import { domainIn, emailAt, quadIn, urlAt } from './recognisers/indicators.ts';
import { keyAt } from './recognisers/key-schedules.ts';
import { magicBytes, magicOf, mayBeMagic } from './recognisers/magics.ts';
import { tokenIndicator } from './recognisers/tokens.ts';
import { type Block, blockBytes, marginBytes } from './stretch.ts';
import { topLevelDomains } from './top-level-domains.ts';
import { emptyWatchList, type WatchList, watchedTexts, watchType } from './watch-list.ts';
import { type ChosenRule, type YaraEngine, YaraScanError } from './yara/engine.ts';
import { windowOf } from './yara/reach.ts';

export interface BlockScannerOptions {
  /** Makes the HMACs of secrets. */
  readonly key: SecretKey;
  readonly watch?: WatchList;
  /** The user's YARA rules. */
  readonly yara?: YaraEngine;
  /** AES key schedules; on by default. */
  readonly keySchedules?: boolean;
}

/** What a block holds. */
export interface ScannedBlock {
  readonly hits: readonly ScanHit[];
  /** Printable runs of 6 characters and more that begin in the block, ASCII and UTF-16LE, and their characters. */
  readonly runs: { readonly ascii: number; readonly wide: number; readonly characters: number };
  /** Hits that were left out because the block holds more than `maxBlockHits` of their kind. */
  readonly dropped: number;
  /** Why the user's YARA rules were not applied to the block; undefined where they were, or where there are none. */
  readonly yaraFailure: string | undefined;
}

/** A scanner of blocks with a buffer of its own: one a thread. */
export interface BlockScanner {
  /** The hits that begin in the block, in the order of their places. Rejects where the block cannot be read. */
  scan(block: Block): Promise<ScannedBlock>;
}

/** Characters on either side of a keyword that come with it. */
const contextCharacters = 120;

export function blockScanner(options: BlockScannerOptions): BlockScanner {
  const { key, watch = emptyWatchList, yara, keySchedules = true } = options;
  const roles = anchorRoles(watchedTexts(watch));
  const kernel = textKernel(blockBytes + 2 * marginBytes, roles.map(({ anchor }) => anchor), topLevelDomains, yara?.filter?.literals);
  const rules = ruleRunner(yara, kernel);
  const { buffer } = kernel;
  return {
    async scan({ stretch, start, end }) {
      const from = Math.max(0, start - marginBytes);
      const length = Math.min(stretch.length, end + marginBytes) - from;
      await stretch.read(buffer.subarray(0, length), from);
      const found = collector({ stretch, from, start, end, key });
      const runs = { ascii: 0, wide: 0, characters: 0 };
      rules.begin();
      kernel.scan(length, (kind, wide, offset, bytes, id, character) => {
        if (kind === eventKind.run || kind === eventKind.wideRun) {
          if (from + offset < start || from + offset >= end) return;
          if (kind === eventKind.run) runs.ascii += 1;
          else runs.wide += 1;
          runs.characters += bytes;
          return;
        }
        if (kind === eventKind.literal) return rules.meet(id);
        const place = { wide, offset, character };
        if (kind === eventKind.anchor) {
          const role = roles[id];
          if (role !== undefined) anchored(role, buffer, length, place, found, watch);
        } else if (kind === eventKind.at) addressed(buffer, length, place, found);
        else pointed(kind, buffer, length, place, bytes, found);
      });
      if (keySchedules) findKeys(kernel, buffer, length, found, key);
      findMagics(buffer, length, { from, start, end, page: stretch.pageBytes }, found);
      const yaraFailure = rules.run(length, found);
      return { ...found.finish(), runs, yaraFailure };
    },
  };
}

/** Applies the user's rules to a block. */
interface RuleRunner {
  begin(): void;
  /** A literal of theirs stands in the block. */
  meet(literal: number): void;
  /** To what the kernel scanned last. Gives why they were not applied, where they failed. */
  run(length: number, found: Collector): string | undefined;
}

function ruleRunner(yara: YaraEngine | undefined, kernel: TextKernel): RuleRunner {
  const nothing = (): undefined => undefined;
  if (yara === undefined) return { begin: nothing, meet: nothing, run: nothing };
  const { filter } = yara;
  if (filter === undefined) return { begin: nothing, meet: nothing, run: (length, found) => applyRules(yara, kernel.buffer.subarray(0, length), undefined, found) };
  const present = new Uint8Array(filter.stringCount);
  let strings: number[] = [];
  const meet = (literal: number): void => {
    const string = filter.owners[literal] ?? 0;
    if (present[string] === 1) return;
    present[string] = 1;
    strings.push(string);
  };
  return {
    begin() {
      for (const string of strings) present[string] = 0;
      strings = [];
    },
    meet,
    run(length, found) {
      kernel.literals.find(length, meet);
      const bytes = kernel.buffer.subarray(0, length);
      const rules = filter.candidates(strings, bytes).map((rule): ChosenRule => {
        const reaches = filter.rules[rule]?.reaches;
        return { rule, ...(reaches === undefined ? { start: 0, end: length } : windowOf(reaches, length, kernel.literals.span)) };
      });
      return rules.length === 0 ? undefined : applyRules(yara, bytes, rules, found);
    },
  };
}

/** Rules that fail on a block take nothing else of it away. */
function applyRules(yara: YaraEngine, bytes: Uint8Array, rules: readonly ChosenRule[] | undefined, found: Collector): string | undefined {
  try {
    for (const match of yara.scan(bytes, rules)) found.yara(match);
    return undefined;
  } catch (error) {
    if (error instanceof YaraScanError) return error.message;
    throw error;
  }
}

function anchored(role: AnchorRole, buffer: Buffer, length: number, place: TextPlace, found: Collector, watch: WatchList): void {
  if (role.secret || role.url) {
    const window = windowAt(buffer, length, place, role.before, role.after);
    if (role.secret) {
      for (const secret of secretsAt(window.text, role.anchor, window.at)) {
        found.secret(describeSecret(secret, found.key), window.encoding, window.byteAt(secret.start), window.bytesOf(secret.end - secret.start));
      }
    }
    if (role.url) for (const indicator of urlAt(window.text, window.at)) found.indicator(indicator.type, redact(indicator.value, found.key), window.encoding, window.byteAt(indicator.start));
  }
  if (role.lists.length === 0 && role.watch === undefined) return;
  const window = windowAt(buffer, length, place, contextCharacters + 1, contextCharacters + role.anchor.length + 1);
  const byte = window.byteAt(window.at);
  if (role.watch !== undefined) found.watch(role.watch, watchType(watch, role.watch), window.encoding, byte);
  for (const list of role.lists) found.keyword(list, role.anchor, window.encoding, byte, () => contextOf(window, found.key));
}

function contextOf(window: TextWindow, key: SecretKey): string {
  return redact(lineAround(window, contextCharacters).line, key);
}

function addressed(buffer: Buffer, length: number, place: TextPlace, found: Collector): void {
  // Most at signs are no addresses: one look at the character before tells.
  const before = place.wide ? undefined : buffer[place.offset - 1];
  if (before !== undefined && !/[A-Za-z0-9_+-]/.test(String.fromCharCode(before))) return;
  const window = windowAt(buffer, length, place, 160, 260);
  const email = emailAt(window.text, window.at);
  if (email !== undefined) found.indicator(email.type, email.value, window.encoding, window.byteAt(email.start));
}

/** A domain, a quad or a token, whose beginning and length the kernel tells. */
function pointed(kind: number, buffer: Buffer, length: number, place: TextPlace, characters: number, found: Collector): void {
  const window = windowAt(buffer, length, place, kind === eventKind.quad ? 20 : 2, characters);
  const text = window.text.slice(window.at, window.at + characters);
  const indicator = kind === eventKind.domain ? domainIn(text) : kind === eventKind.token ? tokenOf(window, text) : quadIn(window.text, window.at, window.at + characters);
  if (indicator !== undefined) found.indicator(indicator.type, indicator.value, window.encoding, window.byteAt(window.at));
}

/** A token that is a part of a longer one by an underscore or a dash is none of itself. */
function tokenOf(window: TextWindow, text: string) {
  return /[_-]/.test(window.text[window.at - 1] ?? '') ? undefined : tokenIndicator(text);
}

function findKeys(kernel: TextKernel, buffer: Buffer, length: number, found: Collector, key: SecretKey): void {
  kernel.schedules(length, (offset, keyBytes) => {
    const value = keyAt(buffer.subarray(0, length), offset, keyBytes);
    if (value !== undefined) found.keySchedule(keyBytes === 16 ? 'aes-128' : keyBytes === 24 ? 'aes-192' : 'aes-256', key.hmac(value.toString('hex')), offset);
  });
}

function findMagics(buffer: Buffer, length: number, block: { from: number; start: number; end: number; page: number }, found: Collector): void {
  const first = Math.ceil(block.start / block.page) * block.page;
  for (let at = first; at < block.end; at += block.page) {
    const offset = at - block.from;
    if (offset >= length || !mayBeMagic(buffer, offset)) continue;
    const magic = magicOf(buffer.subarray(offset, Math.min(length, offset + magicBytes)));
    if (magic !== undefined) found.magic(magic, offset);
  }
}
