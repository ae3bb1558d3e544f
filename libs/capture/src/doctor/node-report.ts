import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type KubeletReply, readKubeletReply } from '../kubelet-answer.ts';
import type { ArchiveFolder, Kubelet } from '../ports.ts';
import { type ConfigurationFile, readConfiguration } from './configuration.ts';

/** Label of the ConfigMaps that hold reports. */
export const nodeReportLabel = { name: 'icecore.dev/report', value: 'node' } as const;
/** Key of the report in its ConfigMap's data. */
export const nodeReportKey = 'report.json';
/** A report is written anew this often, and one that is three times as old says that its role does not run, in milliseconds. */
export const nodeReportEveryMs = 5 * 60_000;

const words = z.string().max(2000);
const seen = <T extends z.ZodType>(value: T) => value.nullable().describe('Null where the role cannot see it.');

const schema = z.object({
  schema: z.literal(1),
  node: z.string().max(253),
  at: z.iso.datetime(),
  kubelet: z.object({
    /** What a kubelet answers that is asked for a pod that there cannot be. */
    probe: z.enum(['ready', 'gate_off', 'not_permitted', 'not_authenticated', 'unreachable', 'unknown']),
    message: words,
  }),
  tcpEstablished: seen(z.boolean()),
  runtimeAllows: seen(z.boolean()).describe('Null also where the configuration does not say.'),
  criu: seen(z.object({ present: z.boolean(), version: z.string().max(100).nullable() })),
  disk: z.object({ freeBytes: z.number().min(0) }),
  vault: z.object({ reachable: z.boolean(), message: words }),
  clockOffsetMs: seen(z.number()).describe('How far the node’s clock is ahead of the API server’s, in milliseconds.'),
});

/** What a node's role sees of its node and nobody else can. */
export type NodeReport = z.infer<typeof schema>;

/** Name of the ConfigMap of a node's report: a node's name may be as long as that of a ConfigMap. */
export function nodeReportName(node: string): string {
  const name = `icecore-node-${node}`;
  return name.length <= 253 ? name : `icecore-node-${createHash('sha256').update(node).digest('hex')}`;
}

/** The ConfigMap to write. */
export function nodeReportManifest(report: NodeReport, namespace: string): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: nodeReportName(report.node), namespace, labels: { [nodeReportLabel.name]: nodeReportLabel.value, 'app.kubernetes.io/part-of': 'icecore' } },
    data: { [nodeReportKey]: JSON.stringify(report) },
  };
}

const stored = z.object({ metadata: z.object({ name: z.string() }), data: z.object({ [nodeReportKey]: z.string().max(100_000) }) });

/** Reads a ConfigMap of the API; undefined for one that holds no report that is understood. */
export function parseNodeReport(value: unknown): NodeReport | undefined {
  const read = stored.safeParse(value);
  if (!read.success) return undefined;
  try {
    const report = schema.safeParse(JSON.parse(read.data.data[nodeReportKey]));
    return report.success ? report.data : undefined;
  } catch {
    return undefined;
  }
}

/** Where nodes keep what decides about checkpoints: files and folders, from the root. */
export const configurationPlaces = {
  criu: ['/etc/criu'],
  runtime: ['/etc/containerd/config.toml', '/etc/containerd/conf.d', '/etc/crio/crio.conf', '/etc/crio/crio.conf.d'],
} as const;

/** Folders of the node that its role sees. */
export interface NodeFiles {
  /** Files of `/etc/criu` or of the runtime's folder, in the order of names; undefined where the folder is not mounted. */
  configuration(of: 'criu' | 'runtime'): Promise<readonly ConfigurationFile[] | undefined>;
}

/** What a report is gathered through. */
export interface NodeReportPorts {
  readonly node: string;
  readonly kubelet: Kubelet;
  readonly folder: Pick<ArchiveFolder, 'freeBytes'>;
  readonly files: NodeFiles;
  /** Version of CRIU by the latest log or answer; `missing` where the latest answer said so; undefined before the first capture. */
  criu(): 'missing' | { readonly version: string | undefined } | undefined;
  /** Why the vault cannot be written to; undefined where it can. */
  vaultFault(): Promise<string | undefined>;
  /** The API server's time, by its `Date` header, which counts seconds; undefined where it did not answer. */
  serverTime(): Promise<Date | undefined>;
  readonly now: () => number;
}

/** Gathers the report. Nothing is captured: the kubelet is asked for a pod whose name no pod can have had. */
export async function gatherNodeReport(ports: NodeReportPorts): Promise<NodeReport> {
  const { node, kubelet, folder, files, now } = ports;
  const reply = await kubelet.checkpoint(probeTarget, 10);
  const [criu, runtime] = [await files.configuration('criu'), await files.configuration('runtime')];
  const configuration = readConfiguration(criu ?? [], runtime ?? []);
  const asked = now();
  const server = await ports.serverTime();
  const known = ports.criu();
  const fault = await ports.vaultFault();
  return {
    schema: 1,
    node,
    at: new Date(now()).toISOString(),
    kubelet: probeOf(reply),
    tcpEstablished: criu === undefined ? null : configuration.tcpEstablished,
    runtimeAllows: configuration.runtimeAllows ?? null,
    criu: known === undefined ? null : known === 'missing' ? { present: false, version: null } : { present: true, version: known.version ?? null },
    disk: { freeBytes: await folder.freeBytes() },
    vault: { reachable: fault === undefined, message: (fault ?? '').slice(0, 2000) },
    clockOffsetMs: server === undefined ? null : clockOffset(asked, now(), server),
  };
}

/** No namespace of this name is made by Kubernetes or by icecore; where somebody made it, a pod of it may still not have this name. */
const probeTarget = { namespace: 'icecore-preflight', pod: 'icecore-preflight', container: 'none' } as const;

function probeOf(reply: KubeletReply): NodeReport['kubelet'] {
  const outcome = readKubeletReply(reply);
  if (outcome.kind === 'taken') return { probe: 'unknown', message: `the kubelet took a checkpoint of a pod that was made up: ${outcome.path}` };
  if (outcome.kind === 'lost') return { probe: 'unreachable', message: outcome.message };
  const message = outcome.message.slice(0, 2000);
  switch (outcome.reason) {
    case 'PodNotFound':
      return { probe: 'ready', message: 'the kubelet takes checkpoints' };
    case 'CheckpointGateOff':
      return { probe: 'gate_off', message };
    case 'NotPermitted':
      return { probe: 'not_permitted', message };
    case 'NotAuthenticated':
      return { probe: 'not_authenticated', message };
    case 'KubeletUnreachable':
    case 'AddressNotAllowed':
    case 'NodeUnknown':
      return { probe: 'unreachable', message };
    default:
      return { probe: 'unknown', message };
  }
}

/**
 * How far a clock is ahead of a server's, in milliseconds, by the server's `Date` header: it counts whole seconds, and was
 * written between the asking and the answer. What lies in that span is no offset.
 */
export function clockOffset(asked: number, answered: number, server: Date): number {
  const [earliest, latest] = [server.getTime(), server.getTime() + 999];
  if (asked > latest) return asked - latest;
  return answered < earliest ? answered - earliest : 0;
}
