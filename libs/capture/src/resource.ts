import { z } from 'zod';
import { phases } from './phase.ts';

/** Names by which Kubernetes knows captures. They lie in icecore's own namespace, where tenants have no business. */
export const captureApi = { group: 'icecore.dev', version: 'v1', plural: 'captures', singular: 'capture', kind: 'Capture', apiVersion: 'icecore.dev/v1' } as const;

/** Keeps a capture from being deleted while the node holds evidence that the vault does not. */
export const captureFinalizer = 'icecore.dev/node-copy';
/** Label of the node, by which each node's role watches its own; see `nodeLabelValue`. */
export const nodeLabel = 'icecore.dev/node';
/** ConfigMap of icecore's namespace, and its key, that hold the policy in force. */
export const policyMap = { name: 'icecore-policy', key: 'policy.yaml' } as const;
/** W3C trace context of the request that asked for the capture. */
export const traceAnnotation = 'icecore.dev/traceparent';

const text = z.string().max(2000);
const name = z.string().min(1).max(253);
const moment = z.iso.datetime();
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const followUp = z.object({ action: z.enum(['label', 'isolate']), labels: z.record(z.string(), z.string()).optional() });

const target = z.object({
  namespace: name,
  pod: name,
  podUid: z.string().max(128).optional().describe('Uid of the pod that was meant; another pod of the same name is refused.'),
  container: name,
  containerId: z.string().regex(/^[0-9a-f]{12,64}$/).optional().describe('Id without the runtime’s prefix; a container that was restarted since is refused.'),
  node: name,
  workload: z.string().max(600).describe('Whose cool-down counts: NAMESPACE/KIND/NAME of the owner, or NAMESPACE/POD.'),
});

const spec = z.object({
  subject: z.string().max(600).describe('NAMESPACE/POD/CONTAINER, for people.'),
  target,
  reason: text.describe('Why it is taken, one sentence.'),
  alert: z
    .object({
      id: z.string().max(64),
      source: z.string().max(40),
      rule: text,
      severity: z.number().min(0).max(100).optional(),
      observedAt: moment.optional(),
      sha256: sha256.optional().describe('SHA-256 of the request that carried the alert.'),
    })
    .optional(),
  policyRule: z.string().max(100).optional(),
  meaning: z.string().max(64).describe('Equal for alerts that are the same to the policy.'),
  series: z.object({ index: count, count }).optional(),
  notBefore: moment.optional(),
  found: z.string().max(255).optional().describe('Name of an archive that another made and the node’s role found; no checkpoint is taken.'),
  keepNodeCopy: z.boolean().optional(),
  retention: z.object({ lockSeconds: count, hold: z.boolean(), case: z.string().max(100).optional() }),
  limits: z.object({ freeBytes: count, perNodePerHour: z.int().min(1) }),
  then: z.array(followUp).max(20),
});

const condition = z.object({
  type: z.string().max(316),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().min(1).max(1024),
  message: z.string().max(32_768),
  lastTransitionTime: moment,
  observedGeneration: count.optional(),
});

const finding = z.object({
  detector: z.string().max(100),
  detectorVersion: count,
  signal: z.string().max(10).describe('Number in the reference of signals: S72.'),
  title: z.string().max(200),
  severity: z.enum(['informational', 'low', 'medium', 'high', 'critical']),
  confidence: z.enum(['low', 'medium', 'high']),
  summary: text,
  reason: z.string().max(100).describe('One word for what stood against it: capture.refused.ptrace.'),
  evidence: text.describe('The line of CRIU’s log, or the kubelet’s answer, that says so.'),
  falsePositives: text,
});

const status = z.object({
  phase: z.enum(phases),
  reason: z.string().max(100).optional().describe('One word for where it stands or why it ended.'),
  message: z.string().max(4000).optional().describe('The reason in words, with its remedy.'),
  attempts: z.array(z.object({ startedAt: moment, reason: z.string().max(100).optional() })).max(20).optional().describe('Calls of the kubelet, written down before each.'),
  finding: finding.optional().describe('What a checkpoint that was refused says of the container.'),
  retryAt: moment.optional(),
  archive: z
    .object({ name: z.string().max(255), takenAt: moment, bytes: count.optional(), sha256: sha256.optional() })
    .optional()
    .describe('The file in the node’s checkpoint folder.'),
  vault: z.object({ location: z.string().max(2000), key: z.string().max(1024) }).optional(),
  finishedAt: moment.optional(),
  followedUp: z.array(z.object({ action: z.string().max(40), outcome: z.enum(['done', 'failed']), message: text })).max(20).optional(),
  conditions: z.array(condition).max(20).optional(),
});

/** Schemas of what is stored; the resource’s definition is rendered from these same values. */
export const captureSchemas = { spec, status } as const;

export type CaptureSpec = z.infer<typeof spec>;
export type CaptureStatus = z.infer<typeof status>;
export type CaptureCondition = z.infer<typeof condition>;
export type CaptureFollowUp = z.infer<typeof followUp>;

const metadata = z.object({
  name,
  namespace: name,
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.number().optional(),
  creationTimestamp: moment,
  deletionTimestamp: moment.nullish(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  finalizers: z.array(z.string()).optional(),
});

const resource = z.object({ metadata, spec, status: status.default({ phase: 'pending' }) });

/** A capture as the cluster stores it; one without a status is pending. */
export type Capture = z.infer<typeof resource>;

/** A capture that is yet to be stored. */
export interface NewCapture {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: CaptureSpec;
}

/** Reads a resource of the API. Throws a `ZodError` for one that is no capture. */
export function parseCapture(value: unknown): Capture {
  return resource.parse(value);
}

/** The resource to create: with the finalizer, as a node may act on it at once. */
export function captureManifest({ name: own, labels, annotations, spec: wanted }: NewCapture, namespace: string): Readonly<Record<string, unknown>> {
  return { apiVersion: captureApi.apiVersion, kind: captureApi.kind, metadata: { name: own, namespace, labels, annotations, finalizers: [captureFinalizer] }, spec: wanted };
}

/** Identity of the container within the cluster: no two checkpoints of it may run at once. */
export function containerKey({ spec: { target: meant } }: Capture): string {
  return `${meant.namespace}/${meant.podUid ?? meant.pod}/${meant.container}`;
}
