import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAll } from '@icecore/bytes';
import type { Phase } from '@icecore/capture';
import { objectKeys, parseManifest } from '@icecore/evidence';
import type { Fault } from '../index.ts';
import type { FaultCase, Stage } from './stage.test-support.ts';

/** Every call of the kubelet for these pods meets the fault, the first `times` of each pod. */
function kubelet(fault: Fault, times: number): FaultCase['inject'] {
  return ({ rehearsal }, pods) => {
    const before = rehearsal.kubelet.faults.met;
    for (const pod of pods) rehearsal.kubelet.faults.plan(new RegExp(`/checkpoint/faults/${pod}/`), fault, times);
    return () => rehearsal.kubelet.faults.met - before;
  };
}

const broken: Fault = { kind: 'answer', status: 500, body: 'checkpointing of faults/pod/app failed (rpc error: code = Unknown desc = shim is gone)' };

export const kubeletCases: readonly FaultCase[] = [
  { id: 'kubelet-hangs', what: 'the kubelet takes the request and never answers', alerts: 2, inject: kubelet({ kind: 'hang' }, 1), ends: 'sealed', words: /(AnswerLost)/ },
  { id: 'kubelet-fails-twice', what: 'the kubelet answers 500, twice', alerts: 2, inject: kubelet(broken, 2), ends: 'sealed', words: /(RuntimeFailed).*(shim is gone)/ },
  { id: 'kubelet-fails', what: 'the kubelet answers 500, always', alerts: 2, inject: kubelet(broken, 3), ends: 'RuntimeFailed', words: /(tried 3 times)/, checkpoints: 0 },
  { id: 'kubelet-no-pod', what: 'the kubelet answers 404: the pod is gone', alerts: 2, inject: kubelet({ kind: 'answer', status: 404, body: 'pod does not exist' }, 1), ends: 'PodNotFound', words: /(the node has no such pod)/, checkpoints: 0 },
  { id: 'kubelet-gate-off', what: 'the kubelet answers 404: checkpoints are off', alerts: 2, inject: kubelet({ kind: 'answer', status: 404, body: '404 page not found\n' }, 1), ends: 'CheckpointGateOff', words: /(feature gate ContainerCheckpoint)/, checkpoints: 0 },
  { id: 'kubelet-slow', what: 'the kubelet answers after its time limit', alerts: 2, inject: kubelet({ kind: 'slow', ms: 4000 }, 1), ends: 'sealed', words: /"sealed"/ },
  { id: 'kubelet-cut', what: 'the connection to the kubelet is cut, nothing was done', alerts: 2, inject: kubelet({ kind: 'cut' }, 1), ends: 'sealed', words: /(AnswerLost)/ },
  { id: 'kubelet-lost', what: 'the checkpoint is taken, and the kubelet’s answer lost', alerts: 2, inject: kubelet({ kind: 'lost' }, 1), ends: 'sealed', words: /"(Taken)"/ },
];

const phases: readonly Phase[] = ['checking', 'checkpointing', 'hashing', 'shipping', 'verifying', 'removing'];

/** The process of a role is killed (SIGKILL) as soon as a phase is written down, and a moment later. */
export const killCases: readonly FaultCase[] = [
  ...phases.map((phase): FaultCase => ({
    id: `killed-${phase}`,
    what: `the node’s role is killed while ${phase}`,
    alerts: 2,
    oneByOne: true,
    inject: (stage, pods) => {
      const strikes = pods.map((pod, i) => stage.killAt('node', pod, phase, i * 40));
      return () => strikes.filter(({ struck }) => struck()).length;
    },
    ends: 'sealed',
    words: /"sealed"/,
  })),
  {
    id: 'killed-alerts',
    what: 'the alerts role is killed once it has stored a capture',
    alerts: 2,
    oneByOne: true,
    inject: (stage, pods) => {
      const strikes = pods.map((pod) => stage.killAt('alerts', pod, 'pending', 0));
      return () => strikes.filter(({ struck }) => struck()).length;
    },
    ends: 'sealed',
    words: /"sealed"/,
  },
];

/** The node's clock goes off as the kubelet is asked. */
function jump(hours: number, answerLost: boolean): FaultCase['inject'] {
  return async (stage, pods) => {
    if (answerLost) await kubelet({ kind: 'lost' }, 1)(stage, pods);
    const end = stage.rehearsal.api.store.onChange(({ object }) => {
      if (!object.metadata.name.startsWith(`${pods[0]}-`) || !JSON.stringify(object['status'] ?? {}).includes('"checkpointing"')) return;
      end();
      stage.shiftClock(hours * 3_600_000);
    });
    return () => {
      stage.shiftClock(0);
      return `by ${hours} h`;
    };
  };
}

export const nodeCases: readonly FaultCase[] = [
  { id: 'clock-ahead', what: 'the node’s clock jumps ahead during the checkpoint', alerts: 1, inject: jump(2, false), ends: 'sealed', words: /"sealed"/ },
  { id: 'clock-behind', what: 'the node’s clock jumps back during the checkpoint', alerts: 1, inject: jump(-2, false), ends: 'sealed', words: /"sealed"/ },
  { id: 'clock-ahead-lost', what: 'the same ahead, and the kubelet’s answer is lost', alerts: 1, inject: jump(2, true), ends: 'sealed', words: /"sealed"/ },
  { id: 'clock-behind-lost', what: 'the same back, and the kubelet’s answer is lost', alerts: 1, inject: jump(-2, true), ends: 'sealed', words: /"sealed"/ },
  {
    id: 'truncated',
    what: 'the archive is cut to half on the node’s disk',
    alerts: 2,
    inject: ({ tamper }, pods) => {
      let cut = 0;
      for (const pod of pods) tamper.set(pod, async (path) => {
        await truncate(path, Math.floor((await stat(path)).size / 2));
        cut += 1;
      });
      return () => cut;
    },
    ends: 'sealed',
    words: /"sealed"/,
    // It may be all that there is, so it is sealed; that it is not whole stands in its manifest.
    async check({ rehearsal }, { status }) {
      const { gaps } = parseManifest(await readAll(await rehearsal.vault.open(objectKeys.manifest(status.vault?.key ?? ''))));
      return gaps.some(({ code }) => code === 'truncated') ? [] : [`no gap of the manifest says that the archive was cut: ${JSON.stringify(gaps)}`];
    },
  },
  {
    id: 'kubelet-disk',
    what: 'the node’s disk is full as the checkpoint is written (ENOSPC)',
    alerts: 2,
    inject: ({ tamper }, pods) => {
      let full = 0;
      for (const pod of pods) tamper.set(pod, async (path) => {
        // What the runtime wrote so far it takes away, as containerd does.
        await truncate(path, 0);
        execFileSync('rm', [path]);
        tamper.delete(pod);
        full += 1;
        throw new Error(`failed to write checkpoint: write ${path}: no space left on device`);
      });
      return () => full;
    },
    ends: 'sealed',
    words: /(RuntimeFailed).*(no space left on device)/,
  },
  {
    id: 'api-away',
    what: 'the API server is away, from when a checkpoint is under way',
    alerts: 4,
    inject: (stage, pods) => {
      const end = stage.rehearsal.api.store.onChange(({ object }) => {
        if (!object.metadata.name.startsWith(`${pods[0]}-`) || !JSON.stringify(object['status'] ?? {}).includes('"checkpointing"')) return;
        end();
        void away(stage, 60_000);
      });
      return () => '60 s';
    },
    ends: 'sealed',
    words: /"sealed"/,
  },
  { id: 'ten-at-once', what: 'ten captures of ten pods at once', alerts: 10, inject: () => () => 10, ends: 'sealed', words: /"sealed"/ },
];

async function away({ rehearsal: { api } }: Stage, ms: number): Promise<void> {
  api.faults.plan(/./, { kind: 'cut' }, Number.POSITIVE_INFINITY);
  api.cutWatches();
  await sleep(ms);
  api.faults.clear();
}

/** A file system in memory of its own, so large. */
export interface SmallDisk {
  grow(bytes: number): void;
  unmount(): void;
}

/** Mounts one; only root can. */
export function smallDisk(folder: string, bytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', folder]);
  return {
    grow: (more) => void execFileSync('mount', ['-o', `remount,size=${more}`, folder]),
    unmount: () => void execFileSync('umount', ['--lazy', folder]),
  };
}
