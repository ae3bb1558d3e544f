import type { RuleFilter } from './filter.ts';
import type { ByteWindow } from './reach.ts';

/** A place where a string of a rule matched. */
export interface YaraMatch {
  readonly rule: string;
  readonly namespace: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  /** Identifier of the string, `$a`; undefined for a rule whose condition needs none: then `offset` is 0. */
  readonly string: string | undefined;
  /** In the bytes that were given, in bytes. */
  readonly offset: number;
  readonly length: number;
}

/**
 * Applies YARA rules to bytes. Memory is given to it block by block: a rule holds where its condition holds within one
 * block and its margins, and `filesize` is the size of that.
 */
export interface YaraEngine {
  /** Tells which rules may match in bytes; undefined where any may match in any. */
  readonly filter?: RuleFilter | undefined;
  /**
   * Gives the matches of all rules, in bytes in which none may match but the `rules` of the filter that are given. Throws a `YaraScanError` where the rules could not be applied to these
   * bytes, as when they took too long.
   */
  scan(bytes: Uint8Array, rules?: readonly ChosenRule[]): readonly YaraMatch[];
}

/** A rule of the filter, by its index, and the part of the bytes that holds all that it could match. */
export interface ChosenRule extends ByteWindow {
  readonly rule: number;
}

/** Rules that could not be applied to some bytes; the message is one sentence without a full stop. */
export class YaraScanError extends Error {
  override readonly name = 'YaraScanError';
}

/** Rules that cannot be used; the message names the file and what is wrong there. */
export class YaraRuleError extends Error {
  override readonly name = 'YaraRuleError';
  readonly code = 'invalid_rules';
  readonly file: string;
  readonly line: number | undefined;

  constructor(file: string, line: number | undefined, reason: string, options?: ErrorOptions) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${reason}`, options);
    this.file = file;
    this.line = line;
  }
}
