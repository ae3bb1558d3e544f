import { type Capture, type CaptureStore, isFinal } from '@icecore/capture';
import { copyOfPod, type MigrationPorts, migrationAnnotation, type MovablePod } from '@icecore/restore';
import { z } from 'zod';
import type { ApiClient } from './api-client.ts';
import { isKubernetesError } from './errors.ts';

/** A capture that lies in the vault. */
export interface SealedForMove {
  /** Name of the Capture. */
  readonly name: string;
  readonly location: string;
  /** Key of the capture in the vault. */
  readonly key: string;
  /** SHA-256 of the archive. */
  readonly sha256: string;
}

export interface ClusterMoveOptions {
  readonly pod: MovablePod;
  readonly container: string;
  readonly to: string;
  /** Name of the pod that goes on; must not be taken. */
  readonly copy: string;
  readonly store: Pick<CaptureStore, 'get'>;
  /** Has the source captured, and gives the name of the Capture. */
  readonly order: () => Promise<string>;
  /** Makes the image of the sealed archive where the target can pull it, and gives its reference by digest. */
  readonly makeImage: (capture: SealedForMove) => Promise<string>;
  /** How long a capture may take, in milliseconds. */
  readonly captureMs: number;
  /** How long the copy must have been ready without a break, in milliseconds. */
  readonly steadyMs: number;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

const podState = z.looseObject({
  metadata: z.looseObject({ uid: z.string(), deletionTimestamp: z.string().optional(), annotations: z.record(z.string(), z.string()).default({}) }),
  status: z
    .looseObject({
      phase: z.string().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
      containerStatuses: z
        .array(z.looseObject({ name: z.string(), restartCount: z.number().default(0), state: z.looseObject({ waiting: z.looseObject({ reason: z.string().optional(), message: z.string().optional() }).optional(), terminated: z.looseObject({ reason: z.string().optional(), exitCode: z.number().optional() }).optional() }).optional() }))
        .default([]),
    })
    .default({ conditions: [], containerStatuses: [] }),
});
type PodState = z.infer<typeof podState>;

/** Between two looks at a capture, in milliseconds. */
const lookAgainMs = 500;

/**
 * Moves a container from one node of a cluster to another: ports of a migration. The source is deleted by its uid and a copy only
 * where it bears the mark of this move, so that a pod of the same name that is another is never touched.
 */
export function clusterMigration(api: ApiClient, options: ClusterMoveOptions): MigrationPorts<SealedForMove, string> & { whyNotWell(): string | undefined } {
  const { pod, container, to, copy, steadyMs, now } = options;
  const { namespace, name: source, uid } = pod.metadata;
  const pods = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  const stateOf = async (name: string): Promise<PodState | undefined> => {
    try {
      return podState.parse(await api.json({ method: 'GET', path: `${pods}/${encodeURIComponent(name)}` }));
    } catch (error) {
      if (isKubernetesError(error, 'NotFound')) return undefined;
      throw error;
    }
  };
  const remove = async (name: string, of: string): Promise<void> => {
    try {
      await api.json({ method: 'DELETE', path: `${pods}/${encodeURIComponent(name)}`, body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: of } } });
    } catch (error) {
      // Another of its name is there by now, or none: what was to go is gone.
      if (!isKubernetesError(error, 'NotFound', 'Conflict')) throw error;
    }
  };
  let mark: string | undefined;
  const isOurs = (state: PodState | undefined): state is PodState => mark !== undefined && state?.metadata.annotations[migrationAnnotation] === mark;
  let readySince: number | undefined;
  let illness: string | undefined;
  return {
    async capture() {
      if ((await stateOf(copy)) !== undefined) throw new Error(`there is a pod ${namespace}/${copy} already`);
      const name = await options.order();
      mark = name;
      return sealed(name, options);
    },
    image: options.makeImage,
    async restore(image) {
      const manifest = copyOfPod(pod, { name: copy, node: to, container, image, capture: mark ?? '' });
      try {
        await api.json({ method: 'POST', path: pods, query: { fieldValidation: 'Strict' }, body: manifest });
      } catch (error) {
        // It may have been created all the same, and only the answer was lost.
        const state = await stateOf(copy).catch(() => undefined);
        if (!isOurs(state)) throw error;
      }
    },
    async isHealthy() {
      const state = await stateOf(copy);
      illness = illnessOf(state, container);
      if (illness !== undefined) {
        readySince = undefined;
        return false;
      }
      readySince ??= now();
      if (now() - readySince >= steadyMs) return true;
      illness = `it was ready for ${Math.round((now() - readySince) / 1000)} s of ${Math.round(steadyMs / 1000)}`;
      return false;
    },
    whyNotWell: () => illness,
    async stopSource() {
      const state = await stateOf(source);
      if (state?.metadata.uid === uid && state.metadata.deletionTimestamp === undefined) await remove(source, uid);
    },
    async isSourceRunning() {
      const state = await stateOf(source);
      // A pod that is being deleted cannot be kept: the copy must go on then.
      return state?.metadata.uid === uid && state.metadata.deletionTimestamp === undefined && state.status.phase !== 'Succeeded' && state.status.phase !== 'Failed';
    },
    async removeCopy() {
      const state = await stateOf(copy);
      if (isOurs(state)) await remove(copy, state.metadata.uid);
    },
  };
}

/** Waits until a capture has ended. Rejects where it was not sealed, or takes too long. */
async function sealed(name: string, { store, captureMs, now, pause }: ClusterMoveOptions): Promise<SealedForMove> {
  for (const end = now() + captureMs; ; await pause(lookAgainMs)) {
    // A question that is not answered is asked again, until the time is over.
    const capture = await store.get(name).catch((error: unknown) => (now() >= end ? Promise.reject(error) : 'unanswered' as const));
    if (capture === undefined) throw new Error(`the capture ${name} was deleted`);
    if (capture !== 'unanswered' && isFinal(capture.status.phase)) return sealedOf(capture);
    if (now() >= end) throw new Error(`the capture ${name} is not sealed after ${Math.round(captureMs / 1000)} s${capture === 'unanswered' ? '' : `: it is ${capture.status.phase}`}; it goes on there`);
  }
}

function sealedOf({ metadata, status }: Capture): SealedForMove {
  const { phase, vault, archive, message, reason } = status;
  if (phase !== 'sealed' || vault === undefined || archive?.sha256 === undefined) throw new Error(`the capture ${metadata.name} is ${phase}: ${message ?? reason ?? 'nobody says why'}`);
  return { name: metadata.name, location: vault.location, key: vault.key, sha256: archive.sha256 };
}

/** Why the copy is not well; undefined where it is ready and was not started twice. */
function illnessOf(state: PodState | undefined, container: string): string | undefined {
  if (state === undefined) return 'there is no such pod';
  const { phase, reason, message, conditions, containerStatuses } = state.status;
  if (phase === 'Failed' || phase === 'Succeeded') return [`the pod ended (${phase})`, reason, message].filter((each) => each !== undefined).join(': ');
  if (state.metadata.deletionTimestamp !== undefined) return 'the pod is being deleted';
  for (const { name, restartCount, state: own } of containerStatuses) {
    if (name === container && restartCount > 0) return `${name} was started ${restartCount + 1} times: what it was restored to ended`;
    if (own?.waiting !== undefined && own.waiting.reason !== 'ContainerCreating') return [`${name} waits`, own.waiting.reason, own.waiting.message].filter((each) => each !== undefined).join(': ');
    if (own?.terminated !== undefined) return `${name} ended with ${own.terminated.exitCode ?? '?'}`;
  }
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True') ? undefined : 'it is not ready';
}
