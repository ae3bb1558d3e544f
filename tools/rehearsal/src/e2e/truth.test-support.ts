import type { ContainerTruth } from '@icecore/lab';

/** A process with a network connection in place of a terminal. */
export interface TrueShell {
  readonly pid: number;
  readonly address: string;
  readonly port: number;
}

/** Shells whose three standard descriptors are one connection, by `/proc/PID/fd` and `/proc/net/tcp`. */
export function shellsOf({ processes, net }: ContainerTruth): TrueShell[] {
  const remotes = new Map<string, string>((net['tcp'] ?? '').split('\n').slice(1).flatMap((line) => {
    const [, , remote, state, , , , , , inode] = line.trim().split(/\s+/);
    return remote === undefined || inode === undefined || state !== '01' ? [] : [[`socket:[${inode}]`, remote] as const];
  }));
  return processes.flatMap(({ ns_pid, fds }) => {
    const links = new Set(fds.filter(({ fd }) => fd <= 2).map(({ link }) => link));
    const [only] = links;
    const remote = links.size === 1 && only !== undefined ? remotes.get(only) : undefined;
    return remote === undefined ? [] : [{ pid: ns_pid, ...endpoint(remote) }];
  });
}

/** `0900630A:115C`: an IPv4 address as the machine keeps it, little endian, and a port. */
function endpoint(text: string): { address: string; port: number } {
  const [address = '', port = ''] = text.split(':');
  return { address: [...Buffer.from(address, 'hex').reverse()].join('.'), port: Number.parseInt(port, 16) };
}

/** Processes that run a program which no file system holds. */
export function filelessOf({ processes }: ContainerTruth): { pid: number; sha256: string | null }[] {
  return processes.filter(({ exe }) => exe?.startsWith('/memfd:') === true).map(({ ns_pid, exe_sha256 }) => ({ pid: ns_pid, sha256: exe_sha256 }));
}

/** Processes as `pid name arguments`, in the order of their pids. */
export function processLines(processes: readonly { readonly pid: number; readonly comm: string; readonly arguments: string }[]): string[] {
  return processes.toSorted((a, b) => a.pid - b.pid).map(({ pid, comm, arguments: words }) => `${pid} ${comm} ${words}`.trimEnd());
}

/** Counts and their moments in nanoseconds, from the log of `counter.py`. */
export function countsOf(log: string): { readonly count: number; readonly at: bigint }[] {
  return [...log.matchAll(/^count (\d+) (\d+)$/gm)].map(([, count, at]) => ({ count: Number(count), at: BigInt(at ?? 0) }));
}
