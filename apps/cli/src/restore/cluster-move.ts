import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openArchive } from '@icecore/archive';
import { objectKeys, sha256OfSource } from '@icecore/evidence';
import { apiClient, captureStore, cluster, clusterMigration, type Connection, type SealedForMove } from '@icecore/kubernetes';
import { folderSpool } from '@icecore/local';
import { dockerCredentials, type ImageReference, pushImage } from '@icecore/registry';
import {
  architectureOf, type ClusterMove, migrate, type MigrationOutcome, type Misgivings, misgivingsOf, type MovablePod, type MoveNode, parseMovablePod, parseMoveNode, planRestore, restoreNeeds, type TargetMachine,
} from '@icecore/restore';
import { openSnapshot } from '@icecore/snapshot';
import { orderCaptures } from '../capture/order.ts';
import { UsageError } from '../command.ts';
import { imageOf } from '../commands/image.ts';
import type { Terminal } from '../terminal.ts';
import { actor, openVault } from '../vault.ts';

/** A move as it was asked for. */
export interface AskedMove extends ClusterMove {
  readonly reference: ImageReference;
  /** icecore's own namespace. */
  readonly own: string;
  /** The vault, where it is not as the cluster says. */
  readonly vault: string | undefined;
  readonly captureSeconds: number;
  readonly authFile: string | undefined;
  readonly plainHttp: boolean;
}

/** What the cluster says of a move before anything is done. */
export interface LookedAt {
  readonly pod: MovablePod;
  readonly target: MoveNode | undefined;
  readonly misgivings: Misgivings;
}

/** Looks at the pod and the nodes. Rejects with a `KubernetesError` where the cluster does not answer, with a `UsageError` where there is no such pod. */
export async function lookAt(connection: Connection, { namespace, pod: name, container, to }: ClusterMove): Promise<LookedAt> {
  const seen = cluster(apiClient(connection));
  const raw = await seen.rawPod(namespace, name);
  if (raw === undefined) throw new UsageError(`the cluster has no pod ${namespace}/${name}`);
  const pod = parseMovablePod(raw);
  const nodeOf = async (of: string | undefined): Promise<MoveNode | undefined> => {
    const found = of === undefined ? undefined : await seen.rawNode(of);
    return found === undefined ? undefined : parseMoveNode(found);
  };
  const [source, target] = [await nodeOf(pod.spec.nodeName), await nodeOf(to)];
  return { pod, target, misgivings: misgivingsOf(pod, container, source, target, to) };
}

/** Moves. The outcome says what runs; nothing here rejects but for a defect. */
export function moveInCluster(connection: Connection, move: AskedMove, { pod, target }: LookedAt, terminal: Terminal): Promise<MigrationOutcome> {
  const { container, to, copy, own, steadySeconds, healthSeconds, captureSeconds } = move;
  const api = apiClient(connection);
  const ports = clusterMigration(api, {
    pod, container, to, copy,
    store: captureStore(api, { namespace: own, component: 'icecore' }),
    order: () => ordered(connection, move),
    makeImage: (capture) => pushSealed(capture, move, machineOf(target, to), terminal),
    captureMs: captureSeconds * 1000,
    steadyMs: steadySeconds * 1000,
    now: Date.now,
    pause: (ms) => sleep(ms),
  });
  return migrate(ports, { healthAttempts: healthSeconds + 1, attempts: 5, pause: () => sleep(1000), onStep: (step) => terminal.note(`icecore migrate: ${step}`) });
}

/** Has the source captured, by the policy that is in force. */
async function ordered(connection: Connection, { namespace, pod, container, own, to }: AskedMove): Promise<string> {
  const by = actor().id;
  const { answer } = await orderCaptures(connection, { of: namespace, pod, container, namespace: own, by, reason: `a move to ${to}, asked for by ${by}` });
  const no = answer.reasons.findLast(({ holds }) => !holds);
  if (answer.outcome !== 'accepted') throw new Error(`policy takes no capture of it: ${no === undefined ? answer.outcome : `${no.check}: ${no.says}`}`);
  const [name] = answer.captures;
  if (name === undefined) throw new Error('no capture was made');
  return name;
}

/** Takes the archive out of the vault, sees that it is the one and that it fits, and pushes its image. Gives the reference by digest. */
async function pushSealed(capture: SealedForMove, { vault: named, reference, authFile, plainHttp }: AskedMove, machine: TargetMachine, terminal: Terminal): Promise<string> {
  const place = named ?? capture.location;
  if (!place.startsWith('s3://') && !existsSync(place)) throw new Error(`the vault ${place} is not here: --vault says where it is`);
  const source = await (await openVault({ vault: place, key: undefined })).open(objectKeys.archive(capture.key));
  if ((await sha256OfSource(source)) !== capture.sha256) throw new Error(`the archive in ${place} is not the one that was captured: its SHA-256 is another than ${capture.sha256}`);
  const archive = await openArchive(source, { spool: folderSpool() });
  const needs = await restoreNeeds(archive, await openSnapshot(archive, { spool: folderSpool() }));
  const misfits = planRestore(needs, machine).filter(({ state }) => state === 'misfit');
  if (misfits.length > 0) throw new Error(`it does not fit ${machine.name}: ${misfits.map(({ says }) => says).join('; ')}`);
  const made = await imageOf(source, capture.name, false, terminal);
  const { digest } = await pushImage(made, { ...reference, tag: capture.name.slice(0, 128) }, { credentials: dockerCredentials(authFile), plainHttp });
  terminal.progress(undefined);
  return `${pulledFrom(reference)}@${digest}`;
}

/** As nodes name it: Docker Hub's API has another host than its images. */
export function pulledFrom({ host, repository }: ImageReference): string {
  return `${host === 'registry-1.docker.io' ? 'docker.io' : host}/${repository}`;
}

/** What the cluster knows of a node, for the plan of a restore; the rest is unknown to it. */
function machineOf(node: MoveNode | undefined, name: string): TargetMachine {
  const architecture = architectureOf(node);
  const { kernelVersion: kernel, containerRuntimeVersion } = node?.status.nodeInfo ?? {};
  const engine = /^(containerd|cri-o):/.exec(containerRuntimeVersion ?? '')?.[1];
  return { name, ...(architecture === undefined ? {} : { architecture }), ...(kernel === undefined ? {} : { kernel }), ...(engine === undefined ? {} : { engine }) };
}
