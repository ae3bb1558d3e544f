import { z } from 'zod';
import { matchesName } from './match-name.ts';
import type { Lock } from './vault.ts';

const dayMs = 86_400_000;

/** One rule of retention: all that it names must fit. */
export interface RetentionRule {
  /** Least severity of the alert, 0 to 100. */
  readonly severity?: number;
  /** Namespaces; `*` stands for any run of characters. */
  readonly namespace?: readonly string[];
  /** For captures that belong to a case, or to none. */
  readonly inCase?: boolean;
  readonly lockDays: number;
  readonly hold?: boolean;
}

export interface RetentionPolicy {
  readonly rules: readonly RetentionRule[];
  /** Days where no rule fits. */
  readonly defaultDays: number;
}

export interface RetentionFacts {
  readonly severity: number | undefined;
  readonly namespace: string | undefined;
  readonly case: string | undefined;
}

/** Ninety days, a year for what is severe, seven years and a hold for what belongs to a case. */
export const defaultRetention: RetentionPolicy = {
  rules: [
    { inCase: true, lockDays: 2555, hold: true },
    { severity: 70, lockDays: 365 },
  ],
  defaultDays: 90,
};

/** `30d`, `7y` as days. */
const period = z
  .string()
  .regex(/^[1-9]\d{0,4}[dy]$/, 'is no period such as 30d or 7y')
  .transform((text) => Number(text.slice(0, -1)) * (text.endsWith('y') ? 365 : 1))
  .refine((days) => days <= 36_500, 'is longer than 100 years');
const namespaces = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((given) => (typeof given === 'string' ? [given] : given));
const policySchema = z.strictObject({
  /** Where no rule fits. */
  default: period,
  rules: z
    .array(
      z.strictObject({
        match: z.strictObject({ severity: z.number().min(0).max(100).optional(), namespace: namespaces.optional(), case: z.boolean().optional() }),
        lock: period,
        hold: z.boolean().default(false),
      }),
    )
    .max(1000)
    .default([]),
});

/** Reads a policy in JSON. Throws an error whose message names what is wrong with it. */
export function parseRetentionPolicy(text: string): RetentionPolicy {
  const read = policySchema.safeParse(JSON.parse(text));
  if (!read.success) throw new TypeError(read.error.issues.map(({ path, message }) => `${path.join('.') || 'the policy'}: ${message}`).join('; '));
  const { default: defaultDays, rules } = read.data;
  return {
    defaultDays,
    rules: rules.map(({ match: { severity, namespace, case: inCase }, lock: lockDays, hold }) => ({
      ...(severity === undefined ? {} : { severity }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(inCase === undefined ? {} : { inCase }),
      lockDays,
      hold,
    })),
  };
}

/** The lock that a policy asks for. Of several rules that fit the longest decides, and a hold of any of them holds. */
export function retentionOf(policy: RetentionPolicy, facts: RetentionFacts, now: Date): Lock {
  const fitting = policy.rules.filter((rule) => fits(rule, facts));
  const days = fitting.length === 0 ? policy.defaultDays : Math.max(...fitting.map(({ lockDays }) => lockDays));
  // Whole seconds, as S3 keeps them.
  const until = Math.ceil((now.getTime() + days * dayMs) / 1000) * 1000;
  return { retainUntil: new Date(until), held: fitting.some(({ hold }) => hold === true) };
}

/** True where an object may go: its lock has ended and nothing holds it. An object without a lock is one whose lock is not known, and stays. */
export function mayExpire(lock: Lock | undefined, now: Date): boolean {
  return lock !== undefined && !lock.held && now.getTime() > lock.retainUntil.getTime();
}

function fits(rule: RetentionRule, facts: RetentionFacts): boolean {
  if (rule.severity !== undefined && (facts.severity === undefined || facts.severity < rule.severity)) return false;
  if (rule.inCase !== undefined && rule.inCase !== (facts.case !== undefined)) return false;
  const { namespace } = facts;
  return rule.namespace === undefined || (namespace !== undefined && rule.namespace.some((pattern) => matchesName(pattern, namespace)));
}
