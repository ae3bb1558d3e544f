import { z } from 'zod';

export const caseStatuses = ['open', 'contained', 'closed'] as const;

const line = z.string().trim().min(1).max(200);

/** A note as a person writes it, about the case as a whole, a capture, or a finding in one. */
export const noteDraft = z.strictObject({
  text: z.string().trim().min(1).max(20_000),
  tags: z.array(z.string().trim().regex(/^[\p{L}\p{N}_.:-]{1,40}$/u)).max(20).default([]),
  capture: z.string().max(200).nullable().default(null),
  finding: z.string().max(200).nullable().default(null),
});

/** Findings that are known to be harmless: those of one detector, in one image or in all, about one process name or all. */
export const suppressionDraft = z.strictObject({
  detector: line,
  image: z.string().max(500).nullable().default(null),
  /** Text that the summary must hold; null for any. */
  summary: z.string().max(500).nullable().default(null),
  reason: line,
});

export const savedQueryDraft = z.strictObject({ name: line, sql: z.string().min(1).max(100_000) });

/** What every capture that is new to the lake is asked: a saved question with its values, or a YARA rule. */
export const watchDraft = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hunt'), name: line, hunt: z.string().max(200), values: z.record(z.string().max(100), z.string().max(4096)) }),
  z.strictObject({ kind: z.literal('rule'), name: line, rule: z.string().min(1).max(262_144) }),
]);

export const caseDetails = z.strictObject({
  title: z.string().trim().max(200),
  status: z.enum(caseStatuses),
  assignee: z.string().trim().max(200),
});

const stamped = { id: z.string().max(100), at: z.iso.datetime(), by: z.string().max(200) };

/** What a watch found in a capture; `problem` is why it could not be asked of it, null where it was. */
const watchHit = z.strictObject({ capture: z.string().max(200), at: z.iso.datetime(), rows: z.number().int().min(0), problem: z.string().max(1000).nullable() });
const watched = { ...stamped, hits: z.array(watchHit).max(1000) };

export const caseSchema = z.strictObject({
  version: z.literal(1),
  ...caseDetails.shape,
  notes: z.array(z.strictObject({ ...stamped, ...noteDraft.shape })).max(10_000),
  suppressions: z.array(z.strictObject({ ...stamped, ...suppressionDraft.shape })).max(1000),
  queries: z.array(z.strictObject({ ...stamped, ...savedQueryDraft.shape })).max(1000),
  watches: z.array(z.discriminatedUnion('kind', [watchDraft.options[0].extend(watched), watchDraft.options[1].extend(watched)])).max(100).default([]),
  /** Captures that the watches were asked of, or that were there before the first of them. */
  seen: z.array(z.string().max(200)).max(1_000_000).default([]),
});

/** What people add to what the lake tells: notes, tags, a status, and what to leave out. */
export type CaseRecord = z.infer<typeof caseSchema>;
export type Note = CaseRecord['notes'][number];
export type Suppression = CaseRecord['suppressions'][number];
export type Watch = CaseRecord['watches'][number];
export type WatchDraft = z.input<typeof watchDraft>;
export type NoteDraft = z.input<typeof noteDraft>;
export type SuppressionDraft = z.input<typeof suppressionDraft>;
export type CaseDetails = z.infer<typeof caseDetails>;
