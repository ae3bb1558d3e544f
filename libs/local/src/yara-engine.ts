import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { type FilteredRule, type RuleFilter, ruleFilter, type YaraEngine, type YaraMatch, YaraRuleError, YaraScanError } from '@icecore/scan';

/** A rule that matched, as the native library tells it. */
interface NativeMatch {
  readonly ruleIdentifier: string;
  readonly namespace: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly matches: readonly { readonly offset: number; readonly length: number; readonly identifier: string }[];
}

/** What the native library offers of which something is used here. */
interface NativeYara {
  create(): NativeRules;
  validate(source: string): { readonly errors?: readonly { readonly message?: string }[] };
}
interface NativeRules {
  addRuleSource(source: string, namespace?: string): void;
  scan(bytes: Buffer): readonly NativeMatch[];
  setMaxMatchesPerPattern(most: number): void;
  setTimeout(milliseconds: number): void;
}

/** Most places that one string of a rule gives in a block, and longest that a block may take, in milliseconds. */
const maxMatches = 1000;
const maxMilliseconds = 60_000;

/** Rules as they are written, and the name by which errors and matches tell where they are from. */
export interface RuleText {
  readonly file: string;
  readonly text: string;
}

/**
 * Compiles rule files. Throws a `YaraRuleError` for the first file that has an error, and for a machine that the library
 * has no build for (it has one for x86_64 Linux with glibc).
 */
export function yaraEngine(files: readonly string[]): YaraEngine {
  return yaraRules(files.map((file) => ({ file, text: readFileSync(file, 'utf8') })));
}

/** As `yaraEngine`, for rules that are in no file. */
export function yaraRules(texts: readonly RuleText[], milliseconds = maxMilliseconds): YaraEngine {
  const files = texts.map(({ file }) => file);
  const native = loadNative(files[0] ?? '');
  const rules = native.create();
  const sources: string[] = [];
  for (const { file, text } of texts) {
    try {
      rules.addRuleSource(text, basename(file));
      sources.push(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const line = /line:(\d+)/.exec(reason)?.[1];
      const [first = reason] = reason.replace(/^Compilation error \(\w+\): /, '').split('\n');
      throw new YaraRuleError(file, line === undefined ? undefined : Number(line), first, { cause: error });
    }
  }
  limit(rules, milliseconds);
  const filter = ruleFilter(sources);
  const alone = rulesAlone(native, files, filter, milliseconds);
  return {
    filter,
    scan(bytes, chosen) {
      const few = chosen === undefined || chosen.length > maxAlone ? [undefined] : chosen.map(({ rule, start, end }) => placed(alone(rule), start, end));
      if (few.some((each) => each === undefined)) return applied(rules, bytes).flatMap((match) => toMatches(match, 0));
      return few.flatMap((each) => (each === undefined ? [] : applied(each.rules, bytes.subarray(each.start, each.end)).filter(({ ruleIdentifier }) => ruleIdentifier === each.name).flatMap((match) => toMatches(match, each.start))));
    },
  };
}

function limit(rules: NativeRules, milliseconds: number): void {
  rules.setMaxMatchesPerPattern(maxMatches);
  rules.setTimeout(milliseconds);
}

/** Rules that are applied one by one, at most: what looks for little is faster than what looks for all, but not many of it. */
const maxAlone = 4;
/** Rules that are compiled by themselves, at most; each takes a mebibyte. */
const maxCompiledAlone = 64;

interface RuleAlone {
  readonly name: string;
  readonly rules: NativeRules;
}

function placed(rule: RuleAlone | undefined, start: number, end: number): (RuleAlone & { readonly start: number; readonly end: number }) | undefined {
  return rule === undefined ? undefined : { ...rule, start, end };
}

/** Compiles rules of the filter by themselves when they are asked for; undefined for one that cannot be. */
function rulesAlone(native: NativeYara, files: readonly string[], filter: RuleFilter | undefined, milliseconds: number): (rule: number) => RuleAlone | undefined {
  const compiled = new Map<number, RuleAlone | undefined>();
  return (index) => {
    if (compiled.has(index) || compiled.size >= maxCompiledAlone) return compiled.get(index);
    const rule = filter?.rules[index];
    const made = rule === undefined ? undefined : compileAlone(native, basename(files[rule.file] ?? ''), rule, milliseconds);
    compiled.set(index, made);
    return made;
  };
}

function compileAlone(native: NativeYara, namespace: string, { name, alone }: FilteredRule, milliseconds: number): RuleAlone | undefined {
  if (alone === undefined) return undefined;
  const rules = native.create();
  try {
    rules.addRuleSource(alone, namespace);
  } catch {
    // The whole file was compiled, and is there.
    return undefined;
  }
  limit(rules, milliseconds);
  return { name, rules };
}

function applied(rules: NativeRules, bytes: Uint8Array): readonly NativeMatch[] {
  try {
    return rules.scan(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    throw new YaraScanError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function toMatches({ ruleIdentifier: rule, namespace, tags, meta, matches: places }: NativeMatch, start: number): YaraMatch[] {
  const about = { rule, namespace, tags, meta: Object.fromEntries(Object.entries(meta).map(([name, value]) => [name, String(value)])) };
  if (places.length === 0) return [{ ...about, string: undefined, offset: 0, length: 0 }];
  return places.map(({ offset, length, identifier }) => ({ ...about, string: identifier, offset: start + offset, length }));
}

function loadNative(file: string): NativeYara {
  try {
    return createRequire(typeof __filename === 'string' ? __filename : import.meta.url)('@litko/yara-x-linux-x64-gnu');
  } catch (error) {
    throw new YaraRuleError(file, undefined, 'YARA rules can be applied on x86_64 Linux with glibc alone, where the package @litko/yara-x-linux-x64-gnu is installed', { cause: error });
  }
}
