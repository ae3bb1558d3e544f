import { type NamespaceKind, namespaceKinds } from '@icecore/snapshot';
import { enteredOf, type ProcessBadge, type ProcessesView, type ProcessView } from '@icecore/views';
import type { DescriptorRow, FindingRow, ProcessRow, SocketRow } from './capture-rows.ts';

export interface ProcessFacts {
  readonly processes: readonly ProcessRow[];
  /** Processes there are, also beyond those above. */
  readonly total: number;
  readonly findings: readonly FindingRow[];
  /** Descriptors 0, 1 and 2. */
  readonly stdio: readonly DescriptorRow[];
  readonly openFiles: ReadonlyMap<number, number>;
  /** Processes that hold an end of the same pipe. */
  readonly pipes: readonly (readonly number[])[];
  readonly sockets: readonly SocketRow[];
}

/** Most other processes that are named as the other end of a pipe or socket. */
const maxPeers = 8;

/** The process tree of a capture from the lake's rows. */
export function processesViewOf(facts: ProcessFacts): ProcessesView {
  const findings = new Map<number, { readonly number: number; readonly finding: FindingRow }[]>();
  facts.findings.forEach((finding, i) => {
    for (const pid of pidsOf(finding)) addTo(findings, pid, { number: i + 1, finding });
  });
  const stdio = new Map<number, Map<number, string>>();
  for (const { pid, fd, name } of facts.stdio) stdio.set(pid, (stdio.get(pid) ?? new Map<number, string>()).set(fd, name));
  const peers = peersOf(facts);
  const sockets = socketsByPid(facts.sockets);
  const first = facts.processes.find(({ ppid }) => ppid === 0) ?? facts.processes[0];
  const byPid = new Map(facts.processes.map((process) => [process.pid, process]));
  const listed = inTreeOrder(facts.processes).map(({ process, depth }): ProcessView => {
    const { pid, ppid, comm, command_line, command_length, executable, executable_type, executable_deleted, cwd, state, euid, egid, seccomp_mode, thread_count } = process;
    const own = findings.get(pid) ?? [];
    return {
      pid, ppid, depth, name: comm,
      commandLine: command_line === '' ? undefined : command_length > command_line.length ? { start: command_line, length: command_length } : command_line,
      executable: executable === null ? undefined : { path: executable, state: executable_type === 'MEMFD' ? 'memory_only' : executable_deleted === true ? 'deleted' : 'file' },
      cwd: cwd ?? undefined, state: state ?? undefined, uid: euid ?? undefined, gid: egid ?? undefined, threads: thread_count,
      capabilities: process.capabilities_effective ?? [], seccomp: seccomp_mode ?? undefined, openFiles: facts.openFiles.get(pid) ?? 0,
      stdio: [0, 1, 2].map((fd) => stdio.get(pid)?.get(fd)),
      peers: peers.get(pid) ?? [],
      badges: badgesOf(process, first, sockets.get(pid) ?? []),
      entered: enteredOf(namespacesOf(process), namespacesOf(ppid === pid ? undefined : byPid.get(ppid))),
      findings: own.map(({ number }) => number),
      severity: own[0]?.finding.severity,
    };
  });
  return { listed, total: facts.total };
}

/** The processes that a finding is about. */
export function pidsOf({ pid, pids }: FindingRow): ReadonlySet<number> {
  return new Set([pid, ...pids].filter((each) => each !== null));
}

/** Parents before their children; what descends from nothing that is here is a root. */
function inTreeOrder(processes: readonly ProcessRow[]): { readonly process: ProcessRow; readonly depth: number }[] {
  const known = new Set(processes.map(({ pid }) => pid));
  const children = new Map<number, ProcessRow[]>();
  const roots: ProcessRow[] = [];
  for (const process of processes) {
    if (process.ppid !== process.pid && known.has(process.ppid)) addTo(children, process.ppid, process);
    else roots.push(process);
  }
  const ordered: { readonly process: ProcessRow; readonly depth: number }[] = [];
  const seen = new Set<number>();
  const open = roots.toReversed().map((process) => ({ process, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { process, depth } = next;
    if (seen.has(process.pid)) continue;
    seen.add(process.pid);
    ordered.push(next);
    for (const child of (children.get(process.pid) ?? []).toReversed()) open.push({ process: child, depth: depth + 1 });
  }
  // A ring of parents has no root; it is still shown.
  for (const process of processes) if (!seen.has(process.pid)) ordered.push({ process, depth: 0 });
  return ordered;
}

function badgesOf(process: ProcessRow, first: ProcessRow | undefined, sockets: readonly SocketRow[]): readonly ProcessBadge[] {
  const badges: ProcessBadge[] = [];
  if (process.executable_type === 'MEMFD') badges.push({ kind: 'memory_only' });
  else if (process.executable_deleted === true) badges.push({ kind: 'deleted' });
  const connected = sockets.filter(({ remote_port }) => remote_port !== null && remote_port !== 0).length;
  const listening = sockets.filter(({ state }) => state === 'LISTEN').length;
  if (connected > 0) badges.push({ kind: 'connected', count: connected });
  if (listening > 0) badges.push({ kind: 'listening', count: listening });
  if (process.state !== null && process.state !== 'alive') badges.push({ kind: 'state', state: process.state });
  const apart = first === undefined || first.pid === process.pid ? [] : namespaceKinds.filter((kind) => namespaceOf(process, kind) !== null && namespaceOf(process, kind) !== namespaceOf(first, kind));
  const shared = namespaceKinds.filter((kind) => kind !== 'user' && kind !== 'time' && kind !== 'cgroup' && process.namespaces_shared_with_node?.includes(kind) === true);
  if (apart.length > 0) badges.push({ kind: 'own_namespaces', namespaces: apart });
  if (shared.length > 0) badges.push({ kind: 'node_namespaces', namespaces: shared });
  if (process.euid === 0) badges.push({ kind: 'root' });
  if (process.seccomp_mode === 'disabled') badges.push({ kind: 'unfiltered' });
  return badges;
}

/** Kinds of namespaces as the columns of the table name them. */
const namespaceWords = { pid: 'pid', net: 'network', ipc: 'ipc', uts: 'uts', mnt: 'mount', user: 'user', cgroup: 'cgroup', time: 'time' } as const;

function namespaceOf(process: ProcessRow, kind: NamespaceKind): number | null {
  return process[`${namespaceWords[kind]}_namespace`];
}

function namespacesOf(process: ProcessRow | undefined): Readonly<Partial<Record<NamespaceKind, number>>> {
  return process === undefined ? {} : Object.fromEntries(namespaceKinds.flatMap((kind) => {
    const id = namespaceOf(process, kind);
    return id === null ? [] : [[kind, id] as const];
  }));
}

function socketsByPid(sockets: readonly SocketRow[]): ReadonlyMap<number, readonly SocketRow[]> {
  const held = new Map<number, SocketRow[]>();
  const seen = new Set<string>();
  for (const socket of sockets) {
    const key = `${socket.pid} ${socket.file_id}`;
    if (socket.pid === null || !socket.family.startsWith('AF_INET') || seen.has(key)) continue;
    seen.add(key);
    addTo(held, socket.pid, socket);
  }
  return held;
}

function peersOf({ pipes, sockets }: ProcessFacts): ReadonlyMap<number, ProcessView['peers']> {
  const found = new Map<number, { readonly pipe: Set<number>; readonly unix: Set<number> }>();
  const of = (pid: number): { readonly pipe: Set<number>; readonly unix: Set<number> } => {
    const own = found.get(pid) ?? { pipe: new Set<number>(), unix: new Set<number>() };
    found.set(pid, own);
    return own;
  };
  for (const pids of pipes) for (const pid of pids) for (const other of pids) if (other !== pid) of(pid).pipe.add(other);
  for (const { pid, family, peers } of sockets) {
    if (pid !== null && family === 'AF_UNIX') for (const peer of peers) if (peer.pid !== pid) of(pid).unix.add(peer.pid);
  }
  return new Map([...found].map(([pid, { pipe, unix }]) => [pid, ([['pipe', pipe], ['unix socket', unix]] as const)
    .filter(([, pids]) => pids.size > 0)
    .map(([kind, pids]) => ({ kind, pids: [...pids].sort((a, b) => a - b).slice(0, maxPeers), more: Math.max(0, pids.size - maxPeers) }))]));
}

export function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const held = map.get(key);
  if (held === undefined) map.set(key, [value]);
  else held.push(value);
}
