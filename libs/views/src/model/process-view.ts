import { type Severity, severityId } from '@icecore/findings';
import { type ContainerSnapshot, inTreeOrder, type NamespaceKind, namespaceKinds, type Process, sharedWithNode, type Socket, valuesOf } from '@icecore/snapshot';
import type { FindingView } from './finding-view.ts';
import type { EvidenceText, TextMaker } from './text.ts';

/** Most processes that a page lists; those with findings, and what they descend from, come first. */
export const maxShownProcesses = 2000;
/** Most other processes that are named as the other end of a pipe or socket. */
const maxPeers = 8;

/** What is worth a word beside a process. */
export type ProcessBadge =
  | { readonly kind: 'memory_only' | 'deleted' | 'root' | 'unfiltered' }
  | { readonly kind: 'connected' | 'listening'; readonly count: number }
  | { readonly kind: 'state'; readonly state: string }
  /** Namespaces that it has for itself, or shares with the node. */
  | { readonly kind: 'own_namespaces' | 'node_namespaces'; readonly namespaces: readonly NamespaceKind[] };

export interface ProcessView {
  readonly pid: number;
  readonly ppid: number;
  /** Steps below the root of the tree. */
  readonly depth: number;
  readonly name: EvidenceText;
  readonly commandLine: EvidenceText | undefined;
  readonly executable: { readonly path: EvidenceText; readonly state: 'file' | 'deleted' | 'memory_only' } | undefined;
  readonly cwd: EvidenceText | undefined;
  readonly state: string | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly threads: number;
  readonly capabilities: readonly string[];
  readonly seccomp: string | undefined;
  readonly openFiles: number;
  /** What descriptors 0, 1 and 2 are; undefined for a closed one. */
  readonly stdio: readonly (EvidenceText | undefined)[];
  /** Other processes at the other end of its pipes and unix sockets. */
  readonly peers: readonly { readonly kind: 'pipe' | 'unix socket'; readonly pids: readonly number[]; readonly more: number }[];
  readonly badges: readonly ProcessBadge[];
  /** Namespaces that its parent is not in: here the tree crosses a boundary. */
  readonly entered: readonly NamespaceKind[];
  /** Numbers of its findings, the most severe first. */
  readonly findings: readonly number[];
  readonly severity: Severity | undefined;
}

export interface ProcessesView {
  /** Parents before children. */
  readonly listed: readonly ProcessView[];
  readonly total: number;
}

export function processesView(snapshot: ContainerSnapshot, findings: readonly FindingView[], texts: TextMaker): ProcessesView {
  const ordered = inTreeOrder(snapshot.processes);
  const byPid = new Map<number, FindingView[]>();
  for (const finding of findings) for (const pid of pidsOf(finding)) byPid.set(pid, [...(byPid.get(pid) ?? []), finding]);
  const kept = keptPids(snapshot.processes, byPid);
  const context = contextOf(snapshot);
  const listed = ordered.filter(({ process: { pid } }) => kept.has(pid)).map(({ process, depth }) => processView(process, depth, byPid.get(process.pid) ?? [], context, texts));
  return { listed, total: ordered.length };
}

/** The processes that a finding is about. */
export function pidsOf({ pid, evidence }: Pick<FindingView, 'pid' | 'evidence'>): readonly number[] {
  return [...new Set([pid, ...evidence.map((item) => item.pid)].filter((each) => each !== undefined))];
}

function keptPids(processes: readonly Process[], findings: ReadonlyMap<number, unknown>): ReadonlySet<number> {
  if (processes.length <= maxShownProcesses) return new Set(processes.map(({ pid }) => pid));
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const kept = new Set<number>();
  for (const { pid } of processes) {
    if (!findings.has(pid)) continue;
    for (let each = byPid.get(pid); each !== undefined && !kept.has(each.pid) && kept.size < maxShownProcesses; each = byPid.get(each.ppid)) kept.add(each.pid);
  }
  for (const { pid } of processes) if (kept.size < maxShownProcesses) kept.add(pid);
  return kept;
}

interface Context {
  readonly snapshot: ContainerSnapshot;
  readonly sockets: ReadonlyMap<number, Socket>;
  readonly byInode: ReadonlyMap<number, Socket>;
  /** Processes by the name of a pipe, and by the id of an open file. */
  readonly pipes: ReadonlyMap<string, ReadonlySet<number>>;
  readonly holders: ReadonlyMap<number, ReadonlySet<number>>;
  readonly first: Process | undefined;
  readonly byPid: ReadonlyMap<number, Process>;
}

function contextOf(snapshot: ContainerSnapshot): Context {
  const pipes = new Map<string, Set<number>>();
  const holders = new Map<number, Set<number>>();
  const add = <Key>(map: Map<Key, Set<number>>, key: Key, pid: number): void => void (map.get(key) ?? map.set(key, new Set()).get(key))?.add(pid);
  for (const { pid, descriptors } of snapshot.processes) {
    for (const { fileId, file } of descriptors) {
      add(holders, fileId, pid);
      if (file.name.startsWith('pipe:[')) add(pipes, file.name, pid);
    }
  }
  return {
    snapshot,
    sockets: new Map(snapshot.sockets.map((socket) => [socket.fileId, socket])),
    byInode: new Map(snapshot.sockets.flatMap((socket) => (socket.inode === undefined ? [] : [[socket.inode, socket]]))),
    pipes,
    holders,
    first: snapshot.processes.find(({ ppid }) => ppid === 0) ?? snapshot.processes[0],
    byPid: new Map(snapshot.processes.map((process) => [process.pid, process])),
  };
}

function processView(process: Process, depth: number, findings: readonly FindingView[], context: Context, { text, commandLine }: TextMaker): ProcessView {
  const { pid, ppid, executable, credentials, descriptors, cwd, state, threads } = process;
  const words = valuesOf(process.arguments);
  return {
    pid,
    ppid,
    depth,
    name: text(process.comm),
    commandLine: words.length === 0 ? undefined : commandLine(words),
    executable: executable === undefined ? undefined : { path: text(executable.name), state: executable.type === 'MEMFD' ? 'memory_only' : executable.deleted ? 'deleted' : 'file' },
    cwd: cwd === undefined ? undefined : text(cwd.name),
    state,
    uid: credentials?.euid,
    gid: credentials?.egid,
    threads: threads.length,
    capabilities: credentials?.capabilities.effective.names ?? [],
    seccomp: threads[0]?.seccomp.mode,
    openFiles: descriptors.length,
    stdio: [0, 1, 2].map((fd) => descriptors.find((each) => each.fd === fd)?.file.name).map((name) => (name === undefined ? undefined : text(name))),
    peers: peersOf(process, context),
    badges: badgesOf(process, context),
    entered: enteredOf(process.namespaces, ppid === pid ? undefined : context.byPid.get(ppid)?.namespaces),
    findings: findings.map(({ number }) => number),
    severity: findings.map(({ severity }) => severity).sort((a, b) => severityId(b) - severityId(a))[0],
  };
}

function badgesOf(process: Process, { sockets, snapshot, first }: Context): readonly ProcessBadge[] {
  const { executable, credentials, descriptors, namespaces, state, threads } = process;
  const own = [...new Set(descriptors.map(({ fileId }) => fileId))].flatMap((id) => sockets.get(id) ?? []).filter(({ family }) => family.startsWith('AF_INET'));
  const connected = own.filter(({ remote }) => remote !== undefined && remote.port !== 0).length;
  const listening = own.filter((socket) => socket.state === 'LISTEN').length;
  const badges: ProcessBadge[] = [];
  if (executable?.type === 'MEMFD') badges.push({ kind: 'memory_only' });
  else if (executable?.deleted === true) badges.push({ kind: 'deleted' });
  if (connected > 0) badges.push({ kind: 'connected', count: connected });
  if (listening > 0) badges.push({ kind: 'listening', count: listening });
  if (state !== undefined && state !== 'alive') badges.push({ kind: 'state', state });
  if (namespaces !== undefined) {
    const apart = first?.namespaces === undefined || first === process ? [] : namespaceKinds.filter((kind) => namespaces[kind] !== undefined && namespaces[kind] !== first.namespaces?.[kind]);
    const shared = sharedWithNode(namespaces, snapshot.nodeNamespaces).filter((kind) => kind !== 'user' && kind !== 'time' && kind !== 'cgroup');
    if (apart.length > 0) badges.push({ kind: 'own_namespaces', namespaces: apart });
    if (shared.length > 0) badges.push({ kind: 'node_namespaces', namespaces: shared });
  }
  if (credentials?.euid === 0) badges.push({ kind: 'root' });
  if (threads[0]?.seccomp.mode === 'disabled') badges.push({ kind: 'unfiltered' });
  return badges;
}

/** Kinds of namespaces that are known of both and are not the same. */
export function enteredOf(own: Readonly<Partial<Record<NamespaceKind, number>>> | undefined, parent: Readonly<Partial<Record<NamespaceKind, number>>> | undefined): readonly NamespaceKind[] {
  return namespaceKinds.filter((kind) => own?.[kind] !== undefined && parent?.[kind] !== undefined && own[kind] !== parent[kind]);
}

function peersOf(process: Process, { pipes, sockets, byInode, holders }: Context): ProcessView['peers'] {
  const byPipe = new Set<number>();
  const byUnix = new Set<number>();
  for (const { file, fileId } of process.descriptors) {
    for (const pid of pipes.get(file.name) ?? []) if (pid !== process.pid) byPipe.add(pid);
    const inode = sockets.get(fileId)?.peerInode;
    const peer = inode === undefined ? undefined : byInode.get(inode);
    for (const pid of (peer === undefined ? undefined : holders.get(peer.fileId)) ?? []) if (pid !== process.pid) byUnix.add(pid);
  }
  return ([['pipe', byPipe], ['unix socket', byUnix]] as const)
    .filter(([, pids]) => pids.size > 0)
    .map(([kind, pids]) => ({ kind, pids: [...pids].sort((a, b) => a - b).slice(0, maxPeers), more: Math.max(0, pids.size - maxPeers) }));
}
