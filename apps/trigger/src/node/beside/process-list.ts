import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A process of the container's cgroup as the node saw it. */
export interface ListedProcess {
  /** As the node counts. */
  readonly pid: number;
  /** As the container counts; the pid of the archive's process tree. */
  readonly namespacePid: number;
  /** Clock ticks since the node booted: with the pid it names one process. */
  readonly startTime: string;
  readonly comm: string;
  readonly commandLine: string;
}

/** Folders of cgroups are looked through to this depth, and so many of them. */
const maxDepth = 8;
const maxFolders = 20_000;

/**
 * Processes of a container, by its cgroup: those that `kubectl exec` started among them, which no archive has. Rejects where
 * the node's `/sys/fs/cgroup` or `/proc` cannot be seen, or has no cgroup of this container.
 */
export async function processesOf(hostRoot: string, containerId: string): Promise<ListedProcess[]> {
  const pids = await cgroupPids(hostRoot, containerId);
  const found = await Promise.all(pids.map((pid) => describe(hostRoot, pid)));
  return found.filter((each) => each !== undefined).sort((a, b) => a.pid - b.pid);
}

/** Memory that the container's cgroup uses, in bytes; undefined where it cannot be seen. */
export async function memoryOf(hostRoot: string, containerId: string): Promise<number | undefined> {
  const folder = await cgroupOf(hostRoot, containerId).catch(() => undefined);
  if (folder === undefined) return undefined;
  for (const file of ['memory.current', 'memory.usage_in_bytes']) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => undefined);
    if (text !== undefined && /^\d+\s*$/.test(text)) return Number(text);
  }
  return undefined;
}

/** Pids of the container's cgroup and those below it. */
export async function cgroupPids(hostRoot: string, containerId: string): Promise<number[]> {
  const folder = await cgroupOf(hostRoot, containerId);
  if (folder === undefined) throw new Error('the node has no cgroup of this container, or it cannot be seen from here');
  const pids = new Set<number>();
  const visit = async (at: string, depth: number): Promise<void> => {
    const text = await readFile(join(at, 'cgroup.procs'), 'utf8').catch(() => '');
    for (const line of text.split('\n')) if (line !== '') pids.add(Number(line));
    if (depth > 0) for (const inner of await folders(at)) await visit(inner, depth - 1);
  };
  await visit(folder, 3);
  return [...pids];
}

/** The cgroup whose name has the id: `cri-containerd-ID.scope`, `crio-ID`, `ID`. */
async function cgroupOf(hostRoot: string, containerId: string): Promise<string | undefined> {
  const root = join(hostRoot, 'sys/fs/cgroup');
  let level = [root];
  let seen = 0;
  for (let depth = 0; depth < maxDepth && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      for (const inner of await folders(folder)) {
        seen += 1;
        if (seen > maxFolders) return undefined;
        if (inner.slice(inner.lastIndexOf('/') + 1).includes(containerId)) return inner;
        next.push(inner);
      }
    }
    level = next;
  }
  return undefined;
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
}

/** Undefined for a process that has ended meanwhile. */
async function describe(hostRoot: string, pid: number): Promise<ListedProcess | undefined> {
  const read = (file: string): Promise<string | undefined> => readFile(join(hostRoot, 'proc', String(pid), file), 'utf8').catch(() => undefined);
  const [stat, status, commandLine] = await Promise.all([read('stat'), read('status'), read('cmdline')]);
  if (stat === undefined || status === undefined) return undefined;
  // The name stands in brackets and may have brackets and blanks of its own.
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const namespacePid = Number(/^NSpid:.*?(\d+)$/m.exec(status)?.[1] ?? pid);
  const comm = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  return { pid, namespacePid, startTime: afterName[19] ?? '', comm, commandLine: (commandLine ?? '').replace(/\0+$/, '').replaceAll('\0', ' ') };
}
