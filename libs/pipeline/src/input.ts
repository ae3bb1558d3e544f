import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);
const parents = z.array(z.string().min(1).max(4096)).max(100);

/** Where the evidence of an analysis is. `parents` are what it builds on (pre-copy), the nearest first. */
export const evidenceReference = z.discriminatedUnion('kind', [
  /** In a vault: the key of the capture, with a slash at its end, and the version of its manifest where the store has versions. */
  z.strictObject({ kind: z.literal('sealed'), capture: z.string().min(1).max(1024), version: z.string().max(1024).nullable(), parents }),
  /** A file that is in no vault, by its path. */
  z.strictObject({ kind: z.literal('file'), archive: z.string().min(1).max(4096), parents }),
]);
export type EvidenceReference = z.infer<typeof evidenceReference>;

const executionFields = {
  /** Name of the execution: by it everything that the steps keep is found again. */
  name: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/),
  /** Whose evidence it is. */
  tenant: z.string().min(1).max(128),
  evidence: evidenceReference,
  /** Cluster and node that the container ran on, where the caller knows them; the manifest's otherwise. */
  cluster: z.string().max(1000).nullable(),
  node: z.string().max(1000).nullable(),
};

/** What an execution begins with. */
export const executionInput = z.strictObject(executionFields);
export type ExecutionInput = z.infer<typeof executionInput>;

/** An archive that was hashed. */
const verified = z.strictObject({
  done: z.literal(true),
  bytes: count,
  sha256,
  captureId: z.string(),
  /** The manifest that the hash was held against; null where the archive is in no vault, so that there is none. */
  manifest: z.strictObject({ key: z.string(), sha256 }).nullable(),
  /** When the archive was sealed, by the manifest, ISO 8601; null where it is in no vault. */
  sealedAt: z.iso.datetime().nullable().default(null),
  cluster: z.string().nullable(),
  node: z.string().nullable(),
});
/** An archive that is hashed up to an offset: the state of the hash goes on from step to step. */
const partlyHashed = z.strictObject({ done: z.literal(false), bytes: count, offset: count, state: z.string().regex(/^[0-9a-f]{64}$/) });

export const verifyOutput = z.discriminatedUnion('done', [verified, partlyHashed]);
export type VerifyOutput = z.infer<typeof verifyOutput>;
export type Verified = z.infer<typeof verified>;

export const inventoryOutput = z.strictObject({
  /** The list of ranges, which the Map reads. */
  ranges: z.strictObject({ bucket: z.string(), key: z.string() }),
  rangeCount: count,
  blockCount: count,
  totalBytes: count,
  entries: count,
  compression: z.string(),
});
export type InventoryOutput = z.infer<typeof inventoryOutput>;

export const decodeOutput = z.strictObject({ kept: z.string(), tables: count, rows: count, bytes: count });
export type DecodeOutput = z.infer<typeof decodeOutput>;

export const detectOutput = z.strictObject({ kept: z.string(), incidents: count, findings: count, severity: z.string().nullable(), scannedBytes: count, missingBlocks: count });
export type DetectOutput = z.infer<typeof detectOutput>;

export const tablesOutput = z.strictObject({ kept: z.string(), tables: count, rows: count, bytes: count });
export type TablesOutput = z.infer<typeof tablesOutput>;

/** What an execution ends with. */
export const publishOutput = z.strictObject({
  captureId: z.string(),
  sha256,
  incidents: count,
  findings: count,
  severity: z.string().nullable(),
  tables: count,
  rows: count,
  gaps: count,
  /** Blocks that no child of the Map could scan; a gap tells of them. */
  missingBlocks: count,
  /** Path of the report in the lake. */
  report: z.string(),
});
export type PublishOutput = z.infer<typeof publishOutput>;

/** Blocks of a plan, `end` not among them. */
export const blockRange = z.strictObject({ first: count, end: count });
export type BlockRange = z.infer<typeof blockRange>;

/** What each step takes: the execution's state as the steps before it left it. What it does not need it does not ask for. */
export const stepInputs = {
  verify: z.object({ ...executionFields, verify: verifyOutput.optional() }),
  inventory: z.object({ ...executionFields, verify: verified }),
  decode: z.object({ ...executionFields, verify: verified, inventory: inventoryOutput }),
  scan: z.object({ BatchInput: z.object({ name: executionFields.name, tenant: executionFields.tenant, evidence: evidenceReference }), Items: z.array(blockRange).min(1) }),
  detect: z.object({ ...executionFields, verify: verified, inventory: inventoryOutput }),
  tables: z.object({ ...executionFields, verify: verified, inventory: inventoryOutput, decode: decodeOutput, detect: detectOutput }),
  publish: z.object({ ...executionFields, verify: verified, inventory: inventoryOutput, decode: decodeOutput, detect: detectOutput, tables: tablesOutput }),
  quarantine: z.object({ ...executionFields, failure: z.object({ Error: z.string(), Cause: z.string() }) }),
} as const;
