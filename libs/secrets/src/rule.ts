import type { SecretValidity } from './secret.ts';

/** What an offline look at a value says of it. */
export interface Judgement {
  readonly validity: SecretValidity;
  readonly check?: string;
  readonly principal?: string;
  readonly expiresAt?: Date;
}

/** The text around a candidate, for checks that look further than the value. */
export interface Surroundings {
  readonly text: string;
  /** Where the whole match begins in `text`, and where it ends. */
  readonly start: number;
  readonly end: number;
}

/** One kind of secret. */
export interface SecretRule {
  /** snake_case, never changed: it stands in tables. */
  readonly id: string;
  /** For people: `AWS access key id`. */
  readonly type: string;
  /** One of these stands where a match begins (or, with `reach`, up to so many characters behind it). */
  readonly anchors: readonly string[];
  /** How far before the anchor a match may begin, in characters. */
  readonly reach?: number;
  /** Matches from where it is put (sticky). Group `value` is the secret; without it, the whole match is. */
  readonly expression: RegExp;
  /** Longest match, in characters. */
  readonly maxLength: number;
  /** Characters that may not stand on either side; undefined: those of tokens. */
  readonly boundary?: RegExp | 'none';
  /** Values as people choose them: nothing of them is shown. */
  readonly lowEntropy?: boolean;
  /** Undefined: it only looks like one. */
  judge(value: string, surroundings: Surroundings): Judgement | undefined;
}

/** Declares a rule. */
export function rule(definition: Omit<SecretRule, 'judge'> & Partial<Pick<SecretRule, 'judge'>>): SecretRule {
  let expression: RegExp | undefined;
  return {
    judge: () => ({ validity: 'form_only' }),
    ...definition,
    // Made when a first anchor is met, and with the places of groups: a password may be the same text as the host behind it.
    get expression() {
      expression ??= new RegExp(definition.expression.source, `${definition.expression.flags}d`);
      return expression;
    },
  };
}
