import { z } from 'zod';

const text = z.string();
const maybeText = z.string().nullish().transform((value) => value ?? undefined);
const whole = z.union([z.number(), z.bigint()]).transform(Number);
const maybeWhole = whole.nullish().transform((value) => value ?? undefined);
const moment = z.string().transform((value) => new Date(value)).refine((value) => !Number.isNaN(value.getTime()), 'is no moment');
const maybeMoment = moment.nullish().transform((value) => value ?? undefined);
const facts = z.string().nullish().transform((value) => factsOf(value ?? '{}'));

function factsOf(json: string): Readonly<Record<string, string>> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(json));
  return Object.fromEntries(Object.entries(parsed.data ?? {}).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
}

/** A list, or its JSON text: rows that come from SQL have the text, rows that a program made have the list. */
function listOf<Item extends z.ZodType>(item: Item): z.ZodPreprocess<z.ZodArray<Item>> {
  return z.preprocess((value) => (typeof value === 'string' ? jsonOf(value) : value), z.array(item));
}

/** The value that a JSON text stands for; undefined, which is no list, for what is none. */
function jsonOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

export const captureRow = z.object({
  capture_id: text,
  captured_at: maybeMoment,
  created_at: maybeMoment,
  cluster: maybeText,
  node: maybeText,
  namespace: maybeText,
  pod: maybeText,
  container: maybeText,
  container_id: maybeText,
  image: maybeText,
  image_ref: maybeText,
  archive_sha256: maybeText,
  archive_name: maybeText,
  engine: maybeText,
});
/** A capture whose findings are told. */
export type CaseCapture = z.output<typeof captureRow>;

const evidence = z.object({
  what: text,
  pid: maybeWhole,
  fd: maybeWhole,
  address_hex: maybeText,
  length: maybeWhole,
  path: maybeText,
  criu_image: maybeText,
  image_offset: maybeWhole,
  value: maybeText,
});
export type CaseEvidence = z.output<typeof evidence>;

export const findingRow = z.object({
  capture_id: text,
  finding_id: text,
  incident_id: maybeText,
  detector: text,
  detector_version: whole,
  signal: text,
  title: text,
  summary: text,
  severity: z.enum(['informational', 'low', 'medium', 'high', 'critical']),
  severity_id: whole,
  confidence: z.enum(['low', 'medium', 'high']),
  category: z.enum(['attack', 'exposure', 'gap']),
  techniques: listOf(text),
  tactics: listOf(text),
  attack_version: text,
  pid: maybeWhole,
  facts,
  evidence: listOf(evidence),
  false_positives: text,
});
export type CaseFinding = z.output<typeof findingRow>;

export const incidentRow = z.object({ capture_id: text, incident_id: text, title: text, severity: text, severity_id: whole, techniques: listOf(text), tactics: listOf(text), finding_ids: listOf(text), story: listOf(text) });
export type CaseIncident = z.output<typeof incidentRow>;

export const processRow = z.object({ capture_id: text, pid: whole, ppid: whole, comm: text, command_line: text, executable: maybeText, executable_deleted: z.boolean().nullish(), uid: maybeWhole });
export type CaseProcess = z.output<typeof processRow>;

export const indicatorRow = z.object({ capture_id: text, type: text, value: text, occurrence_count: whole, found_in: text, subject: maybeText, pid: maybeWhole });
export type CaseIndicator = z.output<typeof indicatorRow>;

export const fileRow = z.object({ capture_id: text, path: text, origin: text, sha256: text, size: maybeWhole });
export type CaseFile = z.output<typeof fileRow>;

export const eventRow = z.object({ capture_id: text, happened_at: moment, kind: text, message: text, pid: maybeWhole });
/** Something that happened at a time that the checkpoint holds. */
export type CaseEvent = z.output<typeof eventRow>;

export const blindRow = z.object({ capture_id: text, subject: text, reason: text });
/** What could not be seen. */
export type CaseGap = z.output<typeof blindRow>;

/** Everything that exports tell of: rows of the lake, in a fixed order, secrets masked. */
export interface CaseFileSet {
  readonly captures: readonly CaseCapture[];
  readonly findings: readonly CaseFinding[];
  readonly incidents: readonly CaseIncident[];
  readonly processes: readonly CaseProcess[];
  readonly indicators: readonly CaseIndicator[];
  readonly files: readonly CaseFile[];
  readonly events: readonly CaseEvent[];
  readonly gaps: readonly CaseGap[];
}
