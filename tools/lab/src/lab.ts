import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CommandOptions, type Ended, mustRun, run } from './command.ts';
import { labFolders, type LabFolders, programsFolder } from './folders.ts';

/** A container to be run. */
export interface ContainerSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** More options of `podman run`. */
  readonly options?: readonly string[];
  /** What its log says when all is in place; by default a line that begins with `ready`. */
  readonly ready?: RegExp;
  /** Milliseconds until then; 30,000 by default. */
  readonly readyTimeout?: number;
}

/** A container that runs. */
export interface Container {
  readonly name: string;
  readonly id: string;
  /** Its first process, as this process sees it. */
  readonly pid: number;
  /** Its log, read anew. */
  log(): string;
}

export interface CheckpointOptions {
  /** More options of `podman container checkpoint`. */
  readonly options?: readonly string[];
}

/** What an attempt to checkpoint gave. */
export interface Checkpoint {
  /** Undefined where it failed. */
  readonly archive: string | undefined;
  /** The engine's words where it failed. */
  readonly failure: string | undefined;
  /** CRIU's log. */
  readonly dumpLog: string;
  /** Microseconds in which the container stood still, as CRIU counts. */
  readonly frozenTime: number | undefined;
}

/** A root of its own, with containers in it. Nothing of it is left when it is stopped, or when this process is killed. */
export interface Lab {
  readonly folders: LabFolders;
  /** Runs a command inside. */
  command(command: string, args: readonly string[], options?: CommandOptions): Promise<Ended>;
  /** Starts a container and waits until it is ready. */
  runContainer(spec: ContainerSpec): Promise<Container>;
  /** The container goes on after it. */
  checkpoint(container: Container, options?: CheckpointOptions): Promise<Checkpoint>;
  remove(container: Container): Promise<void>;
  stop(): Promise<void>;
}

const podman = ['--cgroup-manager=cgroupfs', '--runtime=runc'];
const defaultReadyTimeout = 30_000;
const checkpointTimeout = 60_000;

/** Starts a lab in the root that `prepareLab` has made. */
export async function startLab(): Promise<Lab> {
  const folders = labFolders();
  const { child, pid } = await enter(folders);
  const stop = async (): Promise<void> => {
    child.stdin?.end();
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
    process.off('exit', kill);
  };
  // Without its standard input the lab ends itself, also when this process was killed.
  const kill = (): void => void child.stdin?.destroy();
  process.on('exit', kill);
  const inside = ['--mount', '--pid', '--net', `--target=${pid}`, '--', 'env', 'HOME=/root', 'PODMAN_IGNORE_CGROUPSV1_WARNING=1'];
  inside.push('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8');
  const command: Lab['command'] = (name, args, options) => run('nsenter', [...inside, name, ...args], options);
  try {
    await makeImage(folders, (args) => mustRun('nsenter', [...inside, ...args], { timeout: 600_000 }));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folders,
    command,
    runContainer: (spec) => runContainer(spec, folders, command),
    checkpoint: (container, options = {}) => checkpoint(container, options, folders, command),
    async remove({ name }) {
      await command('podman', [...podman, 'rm', '--force', '--time', '0', name]);
    },
    stop,
  };
}

/** Starts the lab's first process, and gives its pid as seen from here. */
async function enter({ root, work }: LabFolders): Promise<{ child: ChildProcess; pid: number }> {
  if (!existsSync(join(root, '.packages'))) throw new Error(`${root} is not prepared`);
  const script = fileURLToPath(new URL('enter.sh', import.meta.url));
  const flags = ['--mount', '--pid', '--net', '--fork', '--kill-child', '--propagation', 'private'];
  // One lab at a time in a root: whoever comes second waits.
  const lock = ['--close', '--wait', '900', `${root}.lock`];
  const child = spawn('flock', [...lock, 'unshare', ...flags, 'bash', script, root, work], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout });
  const told = await Promise.race([new Promise<string>((resolve) => lines.once('line', resolve)), new Promise<string>((resolve) => child.once('exit', () => resolve('it ended')))]);
  if (told !== 'ready') throw new Error(`the lab did not start: ${told}`);
  return { child, pid: childOf(childOf(child.pid)) };
}

/** Of a process with one child: flock has unshare, unshare has the lab's first process. */
function childOf(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

async function makeImage({ root, work }: LabFolders, command: (args: string[]) => Promise<string>): Promise<void> {
  const digest = createHash('sha256');
  const script = new URL('image.sh', import.meta.url);
  for (const file of globSync('*', { cwd: programsFolder }).sort()) digest.update(file).update(readFileSync(join(programsFolder, file)));
  rmSync(join(work, 'programs'), { recursive: true, force: true });
  cpSync(programsFolder, join(work, 'programs'), { recursive: true });
  cpSync(fileURLToPath(script), join(root, 'usr/local/lib/lab/image.sh'));
  await command(['bash', '/usr/local/lib/lab/image.sh', digest.update(readFileSync(script)).digest('hex').slice(0, 16)]);
}

async function runContainer(spec: ContainerSpec, { root }: LabFolders, command: Lab['command']): Promise<Container> {
  const { name, environment = {}, options = [], ready = /^.*\bready\b/m, readyTimeout = defaultReadyTimeout } = spec;
  const variables = Object.entries(environment).map(([key, value]) => `--env=${key}=${value}`);
  const network = options.some((option) => option.startsWith('--network')) ? [] : ['--network=none'];
  const started = await command('podman', [...podman, 'run', '--detach', `--name=${name}`, ...network, ...variables, ...options, 'localhost/lab:1', ...spec.command]);
  if (started.status !== 0) throw new Error(`${name} does not start: ${started.errors}`);
  const id = started.output.trim();
  const log = (): string => {
    const path = join(root, 'var/lib/containers/storage/overlay-containers', id, 'userdata/ctr.log');
    // Each line of the log begins with its time, its stream and whether it is whole.
    return existsSync(path) ? readFileSync(path, 'utf8').replace(/^\S+ std(?:out|err) [FP] /gm, '') : '';
  };
  for (let waited = 0; !ready.test(log()); waited += 50) {
    if (waited >= readyTimeout || /^unavailable /m.test(log())) throw new Error(`${name} is not ready: ${log().slice(-500)}`);
    await sleep(50);
  }
  return { name, id, pid: firstProcess(id), log };
}

/** Processes of a container, by its cgroup, as seen from here. */
export function cgroupProcesses(id: string): number[] {
  const found = globSync(`/sys/fs/cgroup/{pids/,unified/,}libpod_parent/libpod-${id}/{,**/}cgroup.procs`);
  const pids = found.flatMap((path) => readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').map(Number));
  return [...new Set(pids)].sort((a, b) => a - b);
}

function firstProcess(id: string): number {
  const first = cgroupProcesses(id)[0];
  if (first === undefined) throw new Error(`container ${id} has no process`);
  return first;
}

async function checkpoint({ name, id }: Container, { options = [] }: CheckpointOptions, { root, work }: LabFolders, command: Lab['command']): Promise<Checkpoint> {
  const flags = ['--leave-running', '--keep', '--print-stats', `--export=/lab/${name}.tar.zst`, ...options];
  const ended = await command('podman', [...podman, 'container', 'checkpoint', ...flags, name], { timeout: checkpointTimeout });
  const userdata = join(root, 'var/lib/containers/storage/overlay-containers', id, 'userdata');
  const log = join(userdata, 'dump.log');
  const dumpLog = existsSync(log) ? readFileSync(log, 'utf8') : '';
  const archive = join(work, `${name}.tar.zst`);
  const frozen = /"frozen_time": (\d+)/.exec(ended.output)?.[1];
  const failed = ended.status !== 0 || !existsSync(archive);
  return {
    archive: failed ? undefined : archive,
    failure: failed ? ended.errors.trim() : undefined,
    dumpLog,
    frozenTime: frozen === undefined ? undefined : Number(frozen),
  };
}
