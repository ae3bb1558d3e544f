import { parse } from 'yaml';
import { z } from 'zod';

/** A policy that cannot be followed; the message names the rule and the field. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

const durationUnits: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, y: 365 * 86_400_000 };
/** `90s`, `15m`, `24h`, `30d`, `7y` as milliseconds. */
const duration = z
  .string()
  .regex(/^\d{1,6}[smhdy]$/, 'is no duration such as 90s, 15m, 24h, 30d or 7y')
  .transform((text) => Number(text.slice(0, -1)) * (durationUnits[text.slice(-1)] ?? 1));
/** A pattern in which `*` stands for any run of characters; `!` before it turns it around. */
const pattern = z.string().min(1).max(500);
const patterns = z.union([pattern, z.array(pattern).min(1)]).transform((given) => (typeof given === 'string' ? [given] : given));
const patternMap = z.record(z.string(), patterns);

const match = z.strictObject({
  source: patterns.optional(),
  rule: patterns.optional(),
  /** Least severity, 0 to 100. */
  severity: z.number().min(0).max(100).optional(),
  priority: patterns.optional(),
  tags: patterns.optional(),
  fields: patternMap.optional(),
  namespace: patterns.optional(),
  pod: patterns.optional(),
  container: patterns.optional(),
  labels: patternMap.optional(),
  namespaceLabels: patternMap.optional(),
  image: patterns.optional(),
  owner: patterns.optional(),
});

const retention = z.strictObject({ lock: duration, hold: z.boolean().default(false), case: z.string().max(100).optional() });

const capture = z.strictObject({
  /** Which containers: the one the alert names (all of the pod's where it names none), all, or those of these names. */
  containers: z.union([z.literal('alerted'), z.literal('all'), patterns]).default('alerted'),
  series: z.strictObject({ count: z.number().int().min(2).max(100), every: duration }).optional(),
  retention: retention.optional(),
});

/** What is done after the capture is sealed, or could not be taken. */
const follow = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('label'), labels: z.record(z.string(), z.string()) }),
  z.strictObject({ action: z.literal('isolate') }),
]);

const rule = z.strictObject({
  name: z.string().min(1).max(100),
  match,
  capture: capture.optional(),
  /** Ends the reading of rules: such alerts are known and call for nothing. */
  ignore: z.boolean().optional(),
  then: z.array(follow).default([]),
});

const schema = z.strictObject({
  apiVersion: z.literal('icecore.dev/v1'),
  kind: z.literal('CapturePolicy'),
  /** What is never captured, whatever a rule says. */
  protect: z.array(match).default([{ namespace: ['kube-system'] }]),
  rules: z.array(rule).min(1).max(1000),
  limits: z
    .strictObject({
      /** After a capture, how long the same workload is left alone. */
      cooldown: duration.default(15 * 60_000),
      /** How long one alert is the same as another about the same rule and container. */
      deduplicate: duration.default(10 * 60_000),
      perNodePerHour: z.number().int().min(1).max(1000).default(12),
      /** Least space that stays free on the node's disk after a capture, in bytes. */
      freeBytes: z.number().int().min(0).default(2 * 2 ** 30),
      /** An alert that is older than this when it arrives is too old to act on. */
      maxAge: duration.default(3_600_000),
    })
    .prefault({}),
  retention: retention.prefault({ lock: '90d' }),
  dryRun: z.boolean().default(false),
});

export type Policy = z.infer<typeof schema>;
export type PolicyRule = Policy['rules'][number];
export type PolicyMatch = z.infer<typeof match>;
export type Retention = z.infer<typeof retention>;
export type FollowUp = z.infer<typeof follow>;

/** Largest policy that is read, in characters. */
export const maxPolicyCharacters = 1 << 20;

/** Reads a policy from YAML, which JSON is too. Unknown fields are refused: a misspelt one would be a rule that never holds. */
export function parsePolicy(text: string): Policy {
  if (text.length > maxPolicyCharacters) throw new PolicyError(`the policy has more than ${maxPolicyCharacters} characters`);
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new PolicyError(`not YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
  const result = schema.safeParse(document);
  if (!result.success) {
    const problems = result.error.issues.slice(0, 10).map(({ path, message }) => `${path.length === 0 ? 'policy' : path.join('.')}: ${message}`);
    throw new PolicyError(problems.join('\n'));
  }
  const names = result.data.rules.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new PolicyError(`rules: two have the name ${twice}`);
  return result.data;
}
