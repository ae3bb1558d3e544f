import { z } from 'zod';
import { alertId, momentOf, plainFields, techniquesIn } from '../identity.ts';
import { containerIdOf, presentText, requireLabel, requireSubdomain } from '../names.ts';
import { parsed } from './parsed.ts';
import { isRecord, type Source, type SourceAnswer } from './source.ts';

const threat = z.object({ severity: z.union([z.number(), z.string()]).nullish(), mitre: z.object({ technique: z.object({ id: z.string().nullish() }).nullish() }).nullish() });
const names = z.object({ name: z.string().nullish(), namespace: z.string().nullish(), uid: z.string().nullish() });
const v1 = z.object({
  timestamp: z.unknown(),
  id: z.union([z.string(), z.number()]).nullish(),
  name: z.string().min(1),
  workload: z.object({
    process: z
      .object({ pid: z.object({ value: z.number().nullish() }).nullish(), host_pid: z.object({ value: z.number().nullish() }).nullish(), executable: z.object({ path: z.string().nullish() }).nullish() })
      .nullish(),
    container: z.object({ id: z.string().nullish(), name: z.string().nullish(), image: z.object({ name: z.string().nullish() }).nullish() }).nullish(),
    k8s: z.object({ pod: names.nullish(), namespace: z.object({ name: z.string().nullish() }).nullish() }).nullish(),
    pod: names.nullish(),
  }),
  threat: threat.nullish(),
  policies: z.object({ matched: z.array(z.string()).nullish() }).nullish(),
});
const flat = z.object({
  timestamp: z.union([z.number(), z.bigint(), z.string()]),
  eventName: z.string().min(1),
  podName: z.string().nullish(),
  podNamespace: z.string().nullish(),
  podUID: z.string().nullish(),
  containerId: z.string().nullish(),
  containerName: z.string().nullish(),
  containerImage: z.string().nullish(),
  kubernetes: z.object({ podName: z.string().nullish(), podNamespace: z.string().nullish(), podUID: z.string().nullish() }).nullish(),
  container: z.object({ id: z.string().nullish(), name: z.string().nullish(), image: z.string().nullish() }).nullish(),
  hostProcessId: z.number().nullish(),
  processId: z.number().nullish(),
  hostName: z.string().nullish(),
  metadata: z.object({ Properties: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

/** Tracee's events: `v1beta1` with a workload, and the older flat form. */
export const tracee: Source = {
  name: 'tracee',
  recognises: (candidate) => (isRecord(candidate['workload']) && 'name' in candidate) || ('eventName' in candidate && ('containerId' in candidate || 'podName' in candidate || 'kubernetes' in candidate)),
  read: (candidate) => [isRecord(candidate['workload']) ? readV1(candidate) : readFlat(candidate)],
};

function readV1(candidate: Readonly<Record<string, unknown>>): SourceAnswer {
  const event = parsed(v1, candidate, 'Tracee event');
  const { process, container, k8s, pod: plainPod } = event.workload;
  const pod = k8s?.pod ?? plainPod;
  const severity = Number(event.threat?.severity ?? Number.NaN);
  return answer({
    rule: event.name,
    time: textOfTime(event.timestamp),
    namespace: presentText(k8s?.namespace?.name ?? pod?.namespace),
    pod: presentText(pod?.name),
    podUid: presentText(pod?.uid),
    containerId: container?.id,
    container: presentText(container?.name),
    image: presentText(container?.image?.name),
    pid: process?.host_pid?.value ?? undefined,
    namespacePid: process?.pid?.value ?? undefined,
    executable: presentText(process?.executable?.path),
    severity: Number.isFinite(severity) ? severity : undefined,
    techniques: techniquesIn([event.threat?.mitre?.technique?.id ?? '']),
    tags: [...(event.policies?.matched ?? [])].sort(),
    node: undefined,
    id: presentText(event.id),
    fields: candidate,
  });
}

function readFlat(candidate: Readonly<Record<string, unknown>>): SourceAnswer {
  const event = parsed(flat, candidate, 'Tracee event');
  const { kubernetes, container } = event;
  const properties = event.metadata?.Properties ?? {};
  const severity = Number(properties['Severity'] ?? Number.NaN);
  return answer({
    rule: event.eventName,
    time: textOfTime(event.timestamp),
    namespace: presentText(kubernetes?.podNamespace ?? event.podNamespace),
    pod: presentText(kubernetes?.podName ?? event.podName),
    podUid: presentText(kubernetes?.podUID ?? event.podUID),
    containerId: container?.id ?? event.containerId,
    container: presentText(container?.name ?? event.containerName),
    image: presentText(container?.image ?? event.containerImage),
    pid: event.hostProcessId ?? undefined,
    namespacePid: event.processId ?? undefined,
    executable: undefined,
    severity: Number.isFinite(severity) ? severity : undefined,
    techniques: techniquesIn([presentText(properties['external_id']) ?? '']),
    tags: [],
    node: presentText(event.hostName),
    id: undefined,
    fields: candidate,
  });
}

interface Told {
  readonly rule: string;
  readonly time: string | undefined;
  readonly namespace: string | undefined;
  readonly pod: string | undefined;
  readonly podUid: string | undefined;
  readonly containerId: unknown;
  readonly container: string | undefined;
  readonly image: string | undefined;
  readonly pid: number | undefined;
  readonly namespacePid: number | undefined;
  readonly executable: string | undefined;
  /** 0 to 4. */
  readonly severity: number | undefined;
  readonly techniques: readonly string[];
  readonly tags: readonly string[];
  readonly node: string | undefined;
  readonly id: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

function answer(told: Told): SourceAnswer {
  const { rule, namespace, pod, container, severity } = told;
  if (namespace === undefined || pod === undefined) return { ignored: `${rule}: names no pod` };
  return {
    alert: {
      id: alertId('tracee', told.id, rule, namespace, pod, containerIdOf(told.containerId), told.time),
      source: 'tracee',
      rule,
      severity: severity === undefined ? undefined : Math.min(100, Math.max(0, Math.round(severity * 25))),
      priority: severity === undefined ? undefined : String(severity),
      observedAt: momentOf(told.time),
      cluster: undefined,
      target: {
        namespace: requireLabel(namespace, 'namespace'),
        pod: requireSubdomain(pod, 'pod'),
        podUid: told.podUid,
        container: container === undefined ? undefined : requireLabel(container, 'container'),
        containerId: containerIdOf(told.containerId),
        workload: undefined,
        node: told.node,
      },
      process: { pid: told.pid, namespacePid: told.namespacePid, executable: told.executable, commandLine: undefined },
      peer: undefined,
      image: told.image,
      techniques: told.techniques,
      tags: told.tags,
      fields: plainFields(told.fields),
      truncated: false,
    },
  };
}

/** Tracee writes nanoseconds since the epoch, or RFC 3339 text. */
function textOfTime(value: unknown): string | undefined {
  if (typeof value === 'string') return momentOf(value) === undefined ? undefined : value;
  if (typeof value === 'bigint') return new Date(Number(value / 1_000_000n)).toISOString();
  if (typeof value === 'number' && value > 0 && value < 8.64e21) return new Date(value > 1e14 ? value / 1e6 : value * 1000).toISOString();
  return undefined;
}
