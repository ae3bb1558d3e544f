import { writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Capture, isFinal, type Phase } from '@icecore/capture';
import { evidenceFaults } from '../evidence-check.test-support.ts';
import { type Checkpointer, recordedCheckpointer, type Rehearsal, type RehearsalOptions, type RoleProcess, startRehearsal } from '../index.ts';
import { capturingPolicy, falcoAlert } from '../samples.test-support.ts';
import type { S3Proxy } from './s3-proxy.ts';

type Role = 'alerts' | 'node';

/** A cluster in which things go wrong, with both roles at work. */
export interface Stage {
  readonly rehearsal: Rehearsal;
  readonly proxy: S3Proxy | undefined;
  readonly roles: Readonly<Record<Role, RoleProcess>>;
  /** Done to the archive of a pod once it is taken, before the kubelet answers. */
  readonly tamper: Map<string, (path: string) => Promise<void>>;
  /** Shifts the node's clock, in milliseconds. */
  shiftClock(ms: number): void;
  /** Kills a role and starts it anew. */
  restart(role: Role): Promise<void>;
  /** Kills a role the moment that a capture of the pod is written down in a phase, or so many milliseconds later, and starts it anew. */
  killAt(role: Role, pod: string, phase: Phase, afterMs: number): { readonly struck: () => boolean };
  /** Sends an alert about a pod until it is accepted; gives the captures that it made. */
  send(pod: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface StageOptions extends Pick<RehearsalOptions, 'vault' | 'folder'> {
  readonly archive: string;
  readonly proxy?: S3Proxy;
}

/** Limits of time that are short, so that what is waited for ends soon. */
const env: Readonly<Record<Role, Readonly<Record<string, string>>>> = { alerts: {}, node: { ICECORE_CHECKPOINT_SECONDS: '2', ICECORE_GRACE_SECONDS: '1', ICECORE_FOUND_ARCHIVES: 'off' } };

export async function startStage({ archive, proxy, ...options }: StageOptions): Promise<Stage> {
  const tamper: Stage['tamper'] = new Map();
  let shift = 0;
  const recorded = recordedCheckpointer(archive, () => 100);
  const checkpointer: Checkpointer = {
    async take(name, path) {
      await recorded.take(name, path);
      // The file system has the node's clock as well.
      if (shift !== 0) await utimes(path, new Date(Date.now() + shift), new Date(Date.now() + shift));
      await tamper.get(name.pod)?.(path);
    },
  };
  const rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer, clock: () => Date.now() + shift, ...options });
  const clockFile = join(rehearsal.folder, 'clock');
  const shiftClock = (ms: number): void => {
    shift = ms;
    writeFileSync(clockFile, String(ms));
  };
  shiftClock(0);
  const shifted = { NODE_OPTIONS: `--import=${new URL('shifted-clock.mjs', import.meta.url).href}`, ICECORE_CLOCK_FILE: clockFile };
  const start = (role: Role): RoleProcess => rehearsal.start(role, { ...env[role], ...(role === 'node' ? shifted : {}) });
  const roles: Record<Role, RoleProcess> = { alerts: start('alerts'), node: start('node') };
  await Promise.all([roles.alerts.ready, roles.node.ready]);
  const restart = async (role: Role): Promise<void> => {
    await roles[role].kill();
    roles[role] = start(role);
    await roles[role].ready;
  };
  return {
    rehearsal, proxy, roles, tamper, shiftClock, restart,
    killAt(role, pod, phase, afterMs) {
      let struck = false;
      const strike = async (): Promise<void> => {
        if (afterMs > 0) await sleep(afterMs);
        await restart(role);
      };
      const end = rehearsal.api.store.onChange(({ resource, object }) => {
        if (struck || resource.plural !== 'captures' || !object.metadata.name.startsWith(`${pod}-`) || phaseOf(object) !== phase) return;
        struck = true;
        end();
        void strike();
      });
      return { struck: () => struck };
    },
    async send(pod) {
      const body = falcoAlert('faults', pod, 'app');
      for (const end = Date.now() + 120_000; ; await sleep(100)) {
        try {
          const { url } = await roles.alerts.ready;
          const answer = await fetch(`${url}/alerts`, { method: 'POST', body, headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}` }, signal: AbortSignal.timeout(30_000) });
          const told: { alerts: { captures: string[] }[] } = JSON.parse(await answer.text());
          if (answer.status === 202) return told.alerts.flatMap(({ captures }) => captures);
        } catch (error) {
          if (Date.now() > end) throw error;
        }
        if (Date.now() > end) throw new Error(`the alert about ${pod} was not accepted`);
      }
    },
    stop: () => rehearsal.stop(),
  };
}

function phaseOf(object: Readonly<Record<string, unknown>>): unknown {
  const status = object['status'];
  return typeof status === 'object' && status !== null && 'phase' in status ? status.phase : 'pending';
}

/** Something that goes wrong, and what must come of it. */
export interface FaultCase {
  /** `kubelet-hangs`: also the beginning of its pods' names. */
  readonly id: string;
  readonly what: string;
  /** Alerts, each about a pod of its own; sent at once, or one after the other. */
  readonly alerts: number;
  readonly oneByOne?: true;
  /** Lets it go wrong for these pods. What it gives is called when all is over: how often it went wrong. */
  inject(stage: Stage, pods: readonly string[]): Promise<() => number | string> | (() => number | string);
  /** `sealed`, or the reason of a capture that ends otherwise. */
  readonly ends: string;
  /** Words that the status must have had on its way, or at its end; what is in parentheses is told in the row. */
  readonly words: RegExp;
  /** Whether the node keeps what the vault did not take. */
  readonly nodeKeeps?: true;
  /** Whether halves of archives stay on the node, which are no evidence: what broke off while it was written. */
  readonly leavesHalves?: true;
  /** Checkpoints that the kubelet took, for each alert; 1 where it is not given. */
  readonly checkpoints?: number;
  /** What is wrong with a capture besides, in words. */
  readonly check?: (stage: Stage, capture: Capture) => Promise<readonly string[]>;
}

/** A row of the table: what came of it. */
export interface FaultRow {
  readonly what: string;
  readonly often: string;
  readonly alerts: number;
  readonly told: string;
  readonly ended: string;
  readonly lost: number;
  readonly doubled: number;
}

/** Plays a case to its end and holds it against what must come of it. Gives its row, and what is wrong. */
export async function play(stage: Stage, { id, alerts, oneByOne, what, inject, ends, words, nodeKeeps, leavesHalves, checkpoints = 1, check }: FaultCase): Promise<{ readonly row: FaultRow; readonly wrong: readonly string[] }> {
  const { rehearsal } = stage;
  const pods = Array.from({ length: alerts }, (_, i) => `${id}-${i}`);
  for (const name of pods) rehearsal.addPod({ namespace: 'faults', name, containers: ['app'] });
  const heard = new Set<string>();
  const end = rehearsal.api.store.onChange(({ resource, object }) => {
    if (resource.plural === 'captures' && object.metadata.name.startsWith(`${id}-`)) heard.add(JSON.stringify(object['status'] ?? {}));
  });
  const often = await inject(stage, pods);
  const mine = ({ spec }: Capture): boolean => pods.includes(spec.target.pod);
  const over = (count: number): Promise<Capture[]> => rehearsal.until((all) => all.filter(mine).length >= count && all.filter(mine).every(({ status, metadata }) => isFinal(status.phase) && metadata.finalizers?.length === 0), 180_000);
  const names: string[] = [];
  if (oneByOne === true) {
    for (const pod of pods) {
      names.push(...(await stage.send(pod)));
      await over(names.length);
    }
  } else names.push(...(await Promise.all(pods.map(stage.send))).flat());
  const captures = (await over(alerts)).filter(mine);
  end();
  const told = await rowOf({ stage, captures, names, pods, nodeKeeps, leavesHalves, heard, words, ends, checkpoints });
  const besides = check === undefined ? [] : await Promise.all(captures.map((capture) => check(stage, capture)));
  return { row: { what, often: String(often()), alerts, ...told.row }, wrong: [...told.wrong, ...besides.flat()] };
}

interface Outcome extends Required<Pick<FaultCase, 'words' | 'ends' | 'checkpoints'>> {
  readonly stage: Stage;
  readonly captures: readonly Capture[];
  readonly names: readonly string[];
  readonly pods: readonly string[];
  readonly nodeKeeps: true | undefined;
  readonly leavesHalves: true | undefined;
  readonly heard: ReadonlySet<string>;
}

async function rowOf({ stage: { rehearsal }, captures, names, pods, nodeKeeps, leavesHalves, heard, words, ends, checkpoints }: Outcome): Promise<{ readonly row: Pick<FaultRow, 'told' | 'ended' | 'lost' | 'doubled'>; readonly wrong: readonly string[] }> {
  const wrong = await evidenceFaults(rehearsal, rehearsal.captures());
  const of = (pod: string): Capture[] => captures.filter(({ spec }) => spec.target.pod === pod);
  const onNode = new Set(rehearsal.archives());
  // Lost: accepted and not there, or ended without the evidence being in the vault, on the node, or never taken.
  const lost = pods.filter((pod) => {
    const [capture] = of(pod);
    if (capture === undefined) return true;
    const { phase, archive } = capture.status;
    return phase !== 'sealed' && archive !== undefined && !onNode.has(archive.name);
  }).length;
  const doubled = pods.filter((pod) => of(pod).length > 1).length;
  if ([...names].sort().join() !== captures.map(({ metadata }) => metadata.name).sort().join()) wrong.push(`alerts asked for ${names.join()} and there are ${captures.map(({ metadata }) => metadata.name).join()}`);
  const taken = rehearsal.kubelet.calls.filter(({ pod, answer }) => pods.includes(pod) && answer?.status === 200).length;
  if (taken !== checkpoints * pods.length) wrong.push(`${taken} checkpoints were taken`);
  if (rehearsal.kubelet.collisions > 0) wrong.push('two checkpoints of a container ran at once');
  const [said] = [...heard].flatMap((status) => {
    const found = words.exec(status);
    return found === null ? [] : [found.slice(1).join(' … ')];
  });
  if (said === undefined) wrong.push(`no status said ${words}: ${[...heard].join('\n')}`);
  const endings = captures.map(({ status }) => (status.phase === 'sealed' ? 'sealed' : `${status.phase}: ${status.reason}`));
  if (new Set(endings).size !== 1 || endings[0]?.replace(/^\w+: /, '') !== ends) wrong.push(`ended as ${endings.join(', ')}: ${captures.map(({ status }) => status.message).join('; ')}`);
  const left = [...onNode].filter((name) => pods.some((pod) => name.startsWith(`checkpoint-${pod}_`))).length;
  const kept = captures.filter(({ status }) => status.archive !== undefined && onNode.has(status.archive.name)).length;
  if (kept !== (nodeKeeps === true ? captures.length : 0)) wrong.push(`the node keeps ${kept} archives`);
  if ((left > kept) !== (leavesHalves === true)) wrong.push(`${left - kept} archives lie on the node that no capture names`);
  return { row: { told: said ?? '', ended: [...new Set(endings)].join(', ') + (nodeKeeps === true ? ', the node keeps it' : '') + (leavesHalves === true ? ', halves of archives stay on the node' : ''), lost, doubled }, wrong };
}
