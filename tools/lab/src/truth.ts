import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { cgroupProcesses, type Container } from './lab.ts';

/** A container as `/proc` shows it from outside, read just before it is frozen. */
export interface ContainerTruth {
  readonly container: { readonly name: string; readonly id: string };
  /** What the scenario's program wrote after `note`: addresses that it knows. */
  readonly notes: readonly string[];
  readonly processes: readonly TruthOfProcess[];
  /** Files of `/proc/net` of the first process, by name. */
  readonly net: Readonly<Record<string, string>>;
  readonly mountinfo: readonly string[];
}

export interface TruthOfProcess {
  readonly host_pid: number;
  readonly ns_pid: number;
  readonly ns_ppid: number;
  readonly comm: string;
  readonly status: Readonly<Record<string, string>>;
  readonly cmdline: readonly string[];
  readonly environ: readonly string[];
  /** As `/proc/PID/exe` has it, ` (deleted)` included. */
  readonly exe: string | null;
  readonly exe_sha256: string | null;
  readonly exe_size: number | null;
  readonly cwd: string | null;
  readonly ns: Readonly<Record<string, string>>;
  readonly cgroup: string;
  readonly fds: readonly { readonly fd: number; readonly link: string; readonly fdinfo: string }[];
  readonly maps: readonly { readonly start: string; readonly end: string; readonly perms: string; readonly off: string; readonly path: string }[];
}

/** Reads the truth; processes that end meanwhile are left out. */
export function truthOf(container: Container): ContainerTruth {
  const pids = cgroupProcesses(container.id);
  const nsPids = new Map(pids.map((pid) => [pid, namespacePid(statusOf(pid))]));
  const processes = pids.flatMap((pid) => processTruth(pid, nsPids) ?? []);
  const names = ['tcp', 'tcp6', 'udp', 'udp6', 'unix', 'packet', 'raw', 'netlink', 'dev', 'route'];
  return {
    container: { name: container.name, id: container.id },
    notes: [...container.log().matchAll(/^note (.*)$/gm)].flatMap(([, note]) => note ?? []),
    processes,
    net: Object.fromEntries(names.map((name) => [name, text(`/proc/${container.pid}/net/${name}`) ?? ''])),
    mountinfo: (text(`/proc/${container.pid}/mountinfo`) ?? '').split('\n').filter((line) => line !== ''),
  };
}

/** What the node sees in the container's cgroup: processes that a dump may lack among them. */
export function nodeProcessesOf({ id }: Container): { pid: number; namespacePid: number; comm: string; commandLine: string }[] {
  return cgroupProcesses(id).map((pid) => ({
    pid,
    namespacePid: namespacePid(statusOf(pid)) ?? 0,
    comm: (text(`/proc/${pid}/comm`) ?? '').trimEnd(),
    commandLine: strings(text(`/proc/${pid}/cmdline`)).join(' '),
  }));
}

function processTruth(pid: number, nsPids: ReadonlyMap<number, number | undefined>): TruthOfProcess | undefined {
  const status = statusOf(pid);
  const nsPid = namespacePid(status);
  if (nsPid === undefined) return undefined;
  return {
    host_pid: pid,
    ns_pid: nsPid,
    ns_ppid: nsPids.get(Number(status['PPid'])) ?? 0,
    comm: (text(`/proc/${pid}/comm`) ?? '').trimEnd(),
    status,
    cmdline: strings(text(`/proc/${pid}/cmdline`)),
    environ: strings(text(`/proc/${pid}/environ`)),
    exe: link(`/proc/${pid}/exe`),
    ...digestOf(`/proc/${pid}/exe`),
    cwd: link(`/proc/${pid}/cwd`),
    ns: Object.fromEntries(names(`/proc/${pid}/ns`).map((name) => [name, link(`/proc/${pid}/ns/${name}`) ?? ''])),
    cgroup: text(`/proc/${pid}/cgroup`) ?? '',
    fds: names(`/proc/${pid}/fd`)
      .map(Number)
      .sort((a, b) => a - b)
      .map((fd) => ({ fd, link: link(`/proc/${pid}/fd/${fd}`) ?? '', fdinfo: text(`/proc/${pid}/fdinfo/${fd}`) ?? '' })),
    maps: mapsOf(text(`/proc/${pid}/maps`) ?? ''),
  };
}

function statusOf(pid: number): Record<string, string> {
  const lines = (text(`/proc/${pid}/status`) ?? '').split('\n').filter((line) => line.includes(':'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
}

function namespacePid(status: Readonly<Record<string, string>>): number | undefined {
  const last = status['NSpid']?.split(/\s+/).at(-1);
  return last === undefined ? undefined : Number(last);
}

function mapsOf(maps: string): TruthOfProcess['maps'] {
  return maps.split('\n').flatMap((line) => {
    const [, start, end, perms, off, path] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) ([0-9a-f]+) \S+ \S+\s*(.*)$/.exec(line) ?? [];
    return start === undefined || end === undefined || perms === undefined || off === undefined ? [] : [{ start, end, perms, off, path: path ?? '' }];
  });
}

function digestOf(path: string): { exe_sha256: string | null; exe_size: number | null } {
  try {
    const file = openSync(path, constants.O_RDONLY);
    try {
      const hash = createHash('sha256');
      const piece = Buffer.alloc(1 << 20);
      for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) hash.update(piece.subarray(0, count));
      return { exe_sha256: hash.digest('hex'), exe_size: fstatSync(file).size };
    } finally {
      closeSync(file);
    }
  } catch {
    return { exe_sha256: null, exe_size: null };
  }
}

/** Undefined where the kernel does not give it: a process that has ended, a zombie's environment. */
function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function link(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function names(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function strings(content: string | undefined): string[] {
  return content === undefined || content === '' ? [] : content.replace(/\0$/, '').split('\0');
}
