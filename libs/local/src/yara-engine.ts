import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { type YaraEngine, type YaraMatch, YaraRuleError, YaraScanError } from '@icecore/scan';
import { z } from 'zod';

const matches = z.array(
  z.object({
    ruleIdentifier: z.string(),
    namespace: z.string(),
    tags: z.array(z.string()),
    meta: z.record(z.string(), z.unknown()),
    matches: z.array(z.object({ offset: z.number(), length: z.number(), identifier: z.string() })),
  }),
);

/** What the native library offers of which something is used here. */
interface NativeYara {
  create(): NativeRules;
  validate(source: string): { readonly errors?: readonly { readonly message?: string }[] };
}
interface NativeRules {
  addRuleSource(source: string, namespace?: string): void;
  scan(bytes: Buffer): unknown;
  setMaxMatchesPerPattern(most: number): void;
  setTimeout(milliseconds: number): void;
}

/** Most places that one string of a rule gives in a block, and longest that a block may take, in milliseconds. */
const maxMatches = 1000;
const maxMilliseconds = 60_000;

/**
 * Compiles rule files. Throws a `YaraRuleError` for the first file that has an error, and for a machine that the library
 * has no build for (it has one for x86_64 Linux with glibc).
 */
export function yaraEngine(files: readonly string[]): YaraEngine {
  const native = loadNative(files[0] ?? '');
  const rules = native.create();
  for (const file of files) {
    const source = readFileSync(file, 'utf8');
    try {
      rules.addRuleSource(source, basename(file));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const line = /line:(\d+)/.exec(reason)?.[1];
      const [first = reason] = reason.replace(/^Compilation error \(\w+\): /, '').split('\n');
      throw new YaraRuleError(file, line === undefined ? undefined : Number(line), first, { cause: error });
    }
  }
  rules.setMaxMatchesPerPattern(maxMatches);
  rules.setTimeout(maxMilliseconds);
  return { scan: (bytes) => matches.parse(applied(rules, bytes)).flatMap(toMatches) };
}

function applied(rules: NativeRules, bytes: Uint8Array): unknown {
  try {
    return rules.scan(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    throw new YaraScanError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function toMatches({ ruleIdentifier: rule, namespace, tags, meta, matches: places }: z.infer<typeof matches>[number]): YaraMatch[] {
  const about = { rule, namespace, tags, meta: Object.fromEntries(Object.entries(meta).map(([name, value]) => [name, String(value)])) };
  if (places.length === 0) return [{ ...about, string: undefined, offset: 0, length: 0 }];
  return places.map(({ offset, length, identifier }) => ({ ...about, string: identifier, offset, length }));
}

function loadNative(file: string): NativeYara {
  try {
    return createRequire(typeof __filename === 'string' ? __filename : import.meta.url)('@litko/yara-x-linux-x64-gnu');
  } catch (error) {
    throw new YaraRuleError(file, undefined, 'YARA rules can be applied on x86_64 Linux with glibc alone, where the package @litko/yara-x-linux-x64-gnu is installed', { cause: error });
  }
}
