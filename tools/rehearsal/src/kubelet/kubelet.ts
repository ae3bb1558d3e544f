import { createServer } from 'node:https';
import { basename, join } from 'node:path';
import type { KeyPair } from '../certificates.ts';
import { type FaultPlan, faultPlan, withFault } from '../fault-plan.ts';
import { stopping } from '../stopping.ts';
import { type ContainerName, type KubeletAnswer, kubeletAnswers } from './answers.ts';
import type { Checkpointer } from './checkpointer.ts';

/** A container as the kubelet knows it. */
export interface KnownContainer {
  readonly running: boolean;
  /** 64 hex digits. */
  readonly id: string;
}

export interface KubeletOptions {
  readonly certificate: KeyPair;
  /** Where archives are written, on this machine. */
  readonly folder: string;
  /** The folder's path as the kubelet tells it. */
  readonly toldFolder: string;
  readonly checkpointer: Checkpointer;
  readonly engine?: 'containerd' | 'cri-o';
  /** The node's clock, in milliseconds; the machine's where it is not given. */
  readonly clock?: () => number;
  /** Undefined where there is no such pod; a pod without the container has none under its name. */
  containers(namespace: string, pod: string): ReadonlyMap<string, KnownContainer> | undefined;
  /** The user of a token, and whether that one may create `nodes/checkpoint`. */
  authorize(token: string): { readonly user: string; readonly allowed: boolean } | undefined;
}

/** A call that came as far as a checkpoint. */
export interface CheckpointCall extends ContainerName {
  readonly startedAt: number;
  endedAt: number | undefined;
  answer: KubeletAnswer | undefined;
}

/** What an operator could change on the node. */
export interface KubeletState {
  gate: boolean;
  criu: boolean;
  /** Containers, as `NAMESPACE/POD/CONTAINER`, with a live TCP connection that CRIU may not keep. */
  readonly established: Set<string>;
}

export interface KubeletStandIn {
  readonly url: string;
  readonly faults: FaultPlan;
  readonly state: KubeletState;
  readonly calls: readonly CheckpointCall[];
  /** Times that two checkpoints of one container ran at once. */
  readonly collisions: number;
  /** Answers as the direct path does, for the API server's proxy: who asks was checked there. */
  proxied(method: string, path: string): Promise<KubeletAnswer>;
  stop(): Promise<void>;
}

/** Starts a kubelet that answers at `POST /checkpoint/NAMESPACE/POD/CONTAINER`, over HTTPS on a free port of 127.0.0.1. */
export async function startKubelet(options: KubeletOptions): Promise<KubeletStandIn> {
  const faults = faultPlan();
  const state: KubeletState = { gate: true, criu: true, established: new Set() };
  const calls: CheckpointCall[] = [];
  const active = new Map<string, number>();
  let collisions = 0;

  const checkpoint = async (method: string, url: URL): Promise<KubeletAnswer> => {
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
    if (parts[0] !== 'checkpoint' || !state.gate) return state.gate ? kubeletAnswers.wrongPath() : kubeletAnswers.gateOff();
    const [, namespace, pod, container, ...more] = parts;
    if (namespace === undefined || pod === undefined || container === undefined || more.length > 0) return kubeletAnswers.wrongPath();
    if (method !== 'POST') return kubeletAnswers.wrongMethod();
    const name = { namespace, pod, container };
    const known = options.containers(namespace, pod);
    if (known === undefined) return kubeletAnswers.noPod();
    const found = known.get(container);
    if (found === undefined) return kubeletAnswers.noContainer(container);
    const timeout = url.searchParams.get('timeout');
    if (timeout !== null && !/^-?\d+$/.test(timeout)) return kubeletAnswers.timeoutUnreadable();
    if (timeout !== null && Number(timeout) <= 0) return kubeletAnswers.timeoutNotPositive(name);
    if (!found.running) return kubeletAnswers.notRunning(name);
    if (!state.criu) return kubeletAnswers.criuMissing(name, found.id);
    return run(name, found);
  };

  const run = async (name: ContainerName, { id }: KnownContainer): Promise<KubeletAnswer> => {
    const key = `${name.namespace}/${name.pod}/${name.container}`;
    const call: CheckpointCall = { ...name, startedAt: Date.now(), endedAt: undefined, answer: undefined };
    calls.push(call);
    const answered = (answer: KubeletAnswer): KubeletAnswer => {
      call.endedAt = Date.now();
      call.answer = answer;
      return answer;
    };
    if ((active.get(key) ?? 0) > 0) {
      collisions += 1;
      return answered(options.engine === 'cri-o' ? kubeletAnswers.collidedCrio(name, id) : kubeletAnswers.collidedContainerd(name, id));
    }
    active.set(key, 1);
    try {
      if (state.established.has(key)) {
        return answered(options.engine === 'cri-o' ? kubeletAnswers.runtimeFailedCrio(name, id) : kubeletAnswers.runtimeFailedContainerd(name, id));
      }
      const path = join(options.folder, archiveName(name, new Date((options.clock ?? Date.now)())));
      await options.checkpointer.take(name, path);
      return answered(kubeletAnswers.taken(`${options.toldFolder}/${basename(path)}`));
    } catch (error) {
      return answered({ status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `checkpointing of ${key} failed (rpc error: code = Unknown desc = ${error instanceof Error ? error.message : String(error)})` });
    } finally {
      active.delete(key);
    }
  };

  const server = createServer(options.certificate, (request, response) => {
    response.on('error', () => undefined);
    void withFault(faults.take(request), request, response, async () => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
      const user = token === undefined ? undefined : options.authorize(token);
      const answer = user === undefined ? kubeletAnswers.unauthorized() : !user.allowed && request.method === 'POST' ? kubeletAnswers.forbidden(user.user) : await checkpoint(request.method ?? 'GET', new URL(request.url ?? '/', 'https://kubelet'));
      response.writeHead(answer.status, { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) }).end(answer.body);
    });
  });
  const stop = stopping(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the kubelet has no port');
  return {
    url: `https://127.0.0.1:${address.port}`,
    faults,
    state,
    calls,
    get collisions() {
      return collisions;
    },
    proxied: (method, path) => checkpoint(method, new URL(path, 'https://kubelet')),
    stop,
  };
}

/** As the kubelet names archives: with the node's time in whole seconds. */
export function archiveName({ namespace, pod, container }: ContainerName, at: Date): string {
  return `checkpoint-${pod}_${namespace}-${container}-${at.toISOString().slice(0, 19)}Z.tar`;
}
