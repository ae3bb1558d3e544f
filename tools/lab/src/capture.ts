import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, ContainerSpec, Lab } from './lab.ts';
import { peerAddress, type Scenario } from './scenario.ts';
import { nodeProcessesOf, truthOf } from './truth.ts';

/** From the last word of the program to the truth: it may be about to become another program. */
const settleMilliseconds = 250;

/** How the capture of a scenario went. */
export interface ScenarioCapture {
  readonly id: string;
  readonly state: 'captured' | 'refused' | 'failed';
  /** The reason where there is no archive. */
  readonly reason: string | undefined;
  readonly frozenMilliseconds: number | undefined;
  readonly archiveBytes: number | undefined;
}

/** Runs a scenario, reads its truth, checkpoints it, and leaves all of that in its folder. Never rejects for one scenario. */
export async function captureScenario(lab: Lab, scenario: Scenario): Promise<ScenarioCapture> {
  const folder = join(lab.folders.captures, scenario.id);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const running: Container[] = [];
  let result: ScenarioCapture;
  try {
    const container = await start(lab, scenario, running);
    await scenario.act?.(container, lab);
    await sleep(settleMilliseconds);
    result = await take(lab, scenario, container, folder);
  } catch (error) {
    result = { id: scenario.id, state: 'failed', reason: error instanceof Error ? error.message : String(error), frozenMilliseconds: undefined, archiveBytes: undefined };
  }
  for (const container of running.reverse()) await lab.remove(container);
  write(folder, 'capture.json', result);
  return result;
}

/** A peer is on a network of its own with the container, which nothing else is on. */
async function start(lab: Lab, { id, container, peer }: Scenario, running: Container[]): Promise<Container> {
  const begin = async (spec: ContainerSpec): Promise<Container> => {
    await lab.command('podman', ['rm', '--force', '--time', '0', spec.name]);
    const started = await lab.runContainer(spec);
    running.push(started);
    return started;
  };
  if (peer === undefined) return begin({ ...container, name: id });
  await begin({ ...peer, name: `${id}-peer`, options: ['--network=lab', `--ip=${peerAddress}`, ...(peer.options ?? [])] });
  return begin({ ...container, name: id, options: ['--network=lab', ...(container.options ?? [])] });
}

async function take(lab: Lab, scenario: Scenario, container: Container, folder: string): Promise<ScenarioCapture> {
  const truth = truthOf(container);
  const before = nodeProcessesOf(container);
  const { archive, failure, dumpLog, frozenTime } = await lab.checkpoint(container, { options: scenario.checkpoint ?? [] });
  write(folder, 'truth.json', truth);
  // Those that were there before the freeze and are after it; any other may have ended or begun in between.
  const after = new Set(nodeProcessesOf(container).map(({ pid }) => pid));
  write(folder, 'node-processes.json', before.filter(({ pid }) => after.has(pid)));
  writeFileSync(join(folder, 'dump.log'), dumpLog);
  if (archive === undefined) {
    const errors = [...dumpLog.matchAll(/Error \([^)]*\): (.*)/g)].map(([, text]) => text ?? '');
    // The first is the cause, but for one that CRIU goes on from.
    const reason = errors.find((text) => !text.startsWith('rlimit:')) ?? failure;
    return { id: scenario.id, state: 'refused', reason, frozenMilliseconds: undefined, archiveBytes: undefined };
  }
  copyFileSync(archive, join(folder, 'archive.tar.zst'));
  rmSync(archive);
  const archiveBytes = statSync(join(folder, 'archive.tar.zst')).size;
  return { id: scenario.id, state: 'captured', reason: undefined, frozenMilliseconds: frozenTime === undefined ? undefined : frozenTime / 1000, archiveBytes };
}

function write(folder: string, name: string, value: unknown): void {
  if (existsSync(folder)) writeFileSync(join(folder, name), `${JSON.stringify(value, undefined, 1)}\n`);
}
