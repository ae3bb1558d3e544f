import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** An answer of the kubelet, byte for byte. */
export interface KubeletAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Names a container as the kubelet does in its answers. */
export interface ContainerName {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

const recordedSchema = z.array(z.object({ case: z.string(), to: z.enum(['kubelet', 'api']), method: z.enum(['GET', 'POST']), path: z.string(), status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() }));

/** A question to a kubelet, or to an API server for one, and its answer, as they were recorded. */
export type RecordedAnswer = z.infer<typeof recordedSchema>[number];

/** Answers of a kubelet 1.36 with containerd 2.1.9 and with CRI-O 1.37, and of the API server before it. Of the headers are kept those that say what the answer is. */
export const recordedAnswers: readonly RecordedAnswer[] = recordedSchema.parse(JSON.parse(readFileSync(new URL('recorded-answers.json', import.meta.url), 'utf8')));

/** The recorded answer, with other names in the place of the recorded ones. */
function recorded(what: string, names: Readonly<Record<string, string>> = {}, id?: string): KubeletAnswer {
  const found = recordedAnswers.find((each) => each.case === what);
  if (found === undefined) throw new Error(`no answer was recorded for ${what}`);
  const renamed = Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, () => to), found.body);
  return { status: found.status, headers: found.headers, body: id === undefined ? renamed : renamed.replaceAll(/[0-9a-f]{64}/g, id) };
}

const slashed = ({ namespace, pod, container }: ContainerName): string => `${namespace}/${pod}/${container}`;

/** What a kubelet says, about any container. */
export const kubeletAnswers = {
  taken: (path: string): KubeletAnswer => recorded('taken', { '/var/lib/kubelet/checkpoints/checkpoint-loop_lab-counter-2026-11-23T07:26:29Z.tar': path }),
  noPod: (): KubeletAnswer => recorded('no such pod'),
  noContainer: (name: string): KubeletAnswer => recorded('no such container', { nope: name }),
  gateOff: (): KubeletAnswer => recorded('the gate is off'),
  wrongPath: (): KubeletAnswer => recorded('a path that is too short'),
  wrongMethod: (): KubeletAnswer => recorded('another method'),
  timeoutUnreadable: (): KubeletAnswer => recorded('a time limit that is no number'),
  timeoutNotPositive: (name: ContainerName): KubeletAnswer => recorded('a time limit below 0', { 'lab/loop/counter': slashed(name) }),
  notRunning: (name: ContainerName): KubeletAnswer => recorded('a container that has ended', { 'lab/done/c': slashed(name), '(container c not found)': `(container ${name.container} not found)` }),
  unauthorized: (): KubeletAnswer => recorded('no token'),
  forbidden: (user: string): KubeletAnswer => recorded('no right', { 'system:serviceaccount:lab:ck-none': user }),
  criuMissing: (name: ContainerName, id: string): KubeletAnswer => recorded('no CRIU', { 'lab/loop/counter': slashed(name) }, id),
  runtimeFailedContainerd: (name: ContainerName, id: string): KubeletAnswer => recorded('the runtime fails, containerd', { 'lab/redis/redis': slashed(name) }, id),
  runtimeFailedCrio: (name: ContainerName, id: string): KubeletAnswer => recorded('the runtime fails, CRI-O', { 'lab/redis/redis': slashed(name) }, id),
  collidedContainerd: (name: ContainerName, id: string): KubeletAnswer => recorded('two at once, containerd', { 'lab/loop/counter': slashed(name) }, id),
  collidedCrio: (name: ContainerName, id: string): KubeletAnswer => recorded('two at once, CRI-O', { 'lab/loop/counter': slashed(name) }, id),
} as const;
