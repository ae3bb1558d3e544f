import { type Severity, severityId } from '@icecore/findings';
import type { ContainerSnapshot, Endpoint, Socket } from '@icecore/snapshot';
import type { FindingView } from './finding-view.ts';
import type { EvidenceText, TextMaker } from './text.ts';

/** Most sockets that a page lists, and most peers and processes that its graph draws. */
export const maxShownSockets = 500;
export const maxDrawnPeers = 40;
export const maxDrawnProcesses = 40;

/** Who an address belongs to, as far as its form tells. */
export type AddressScope = 'loopback' | 'private' | 'link_local' | 'documentation' | 'multicast' | 'internet';

export interface SocketView {
  readonly pids: readonly { readonly pid: number; readonly fd: number }[];
  /** `tcp`, `udp6`, `unix stream`, `packet`. */
  readonly kind: string;
  readonly state: string | undefined;
  readonly local: EvidenceText | undefined;
  readonly remote: EvidenceText | undefined;
  readonly receiveBytes: number;
  readonly sendBytes: number;
}

export interface GraphProcess {
  readonly pid: number;
  readonly name: EvidenceText;
  readonly severity: Severity | undefined;
  /** What it listens on: `tcp 0.0.0.0:8080`. */
  readonly listens: readonly string[];
}
export interface GraphPeer {
  readonly address: string;
  readonly scope: AddressScope;
}
/** Connections between a process and an address. */
export interface GraphEdge {
  readonly pid: number;
  readonly peer: string;
  /** `tcp 4444`, each port once. */
  readonly ports: readonly string[];
  readonly direction: 'in' | 'out';
  readonly connections: number;
  readonly states: readonly string[];
  readonly findings: readonly number[];
  readonly severity: Severity | undefined;
}

export interface NetworkView {
  /** Sockets of the internet families and raw ones; unix sockets are counted. */
  readonly sockets: readonly SocketView[];
  readonly socketCount: number;
  readonly unixCount: number;
  readonly graph: {
    readonly processes: readonly GraphProcess[];
    readonly peers: readonly GraphPeer[];
    readonly edges: readonly GraphEdge[];
    /** Processes and peers that are not drawn. */
    readonly folded: number;
  };
}

export function networkView(snapshot: ContainerSnapshot, findings: readonly FindingView[], texts: TextMaker): NetworkView {
  const holders = new Map<number, { pid: number; fd: number }[]>();
  for (const { pid, descriptors } of snapshot.processes) for (const { fd, fileId } of descriptors) holders.set(fileId, [...(holders.get(fileId) ?? []), { pid, fd }]);
  const shown = snapshot.sockets.filter(({ family }) => family !== 'AF_UNIX' && family !== 'AF_NETLINK');
  return {
    sockets: shown.slice(0, maxShownSockets).map((socket) => socketView(socket, holders.get(socket.fileId) ?? [], texts)),
    socketCount: shown.length,
    unixCount: snapshot.sockets.filter(({ family }) => family === 'AF_UNIX').length,
    graph: graphOf(snapshot, shown.filter(isInternet), holders, findings, texts),
  };
}

function socketView(socket: Socket, pids: SocketView['pids'], { text }: TextMaker): SocketView {
  const { local, remote, state, receiveQueue, sendQueue } = socket;
  const end = (endpoint: Endpoint | undefined): EvidenceText | undefined => (endpoint === undefined ? undefined : text(endpointText(endpoint)));
  return { pids: pids.slice(0, 16), kind: kindOf(socket), state, local: end(local), remote: remote?.port === 0 ? undefined : end(remote), receiveBytes: receiveQueue.bytes, sendBytes: sendQueue.bytes };
}

function graphOf(snapshot: ContainerSnapshot, sockets: readonly Socket[], holders: ReadonlyMap<number, readonly { readonly pid: number }[]>, findings: readonly FindingView[], { text }: TextMaker): NetworkView['graph'] {
  const listening = new Set(sockets.filter(isListening).map(({ local, protocol }) => `${protocol} ${local?.port ?? ''}`));
  const edges = new Map<string, { pid: number; peer: string; ports: Set<string>; direction: 'in' | 'out'; connections: number; states: Set<string> }>();
  const listens = new Map<number, Set<string>>();
  for (const socket of sockets) {
    const { local, remote, protocol, state } = socket;
    const pids = new Set((holders.get(socket.fileId) ?? []).map(({ pid }) => pid));
    for (const pid of pids) {
      if (remote !== undefined && remote.port !== 0) {
        const incoming = local !== undefined && listening.has(`${protocol} ${local.port}`);
        const peer = plainAddress(remote.address);
        const key = `${pid} ${peer} ${incoming}`;
        const edge = edges.get(key) ?? { pid, peer, ports: new Set(), direction: incoming ? ('in' as const) : ('out' as const), connections: 0, states: new Set() };
        edge.ports.add(`${kindOf(socket)} ${incoming ? local.port : remote.port}`);
        edge.connections += 1;
        if (state !== undefined) edge.states.add(state);
        edges.set(key, edge);
      } else if (isListening(socket) && local !== undefined) {
        const set = listens.get(pid) ?? new Set();
        listens.set(pid, set.add(`${kindOf(socket)} ${endpointText(local)}`));
      }
    }
  }
  const drawn = [...edges.values()].map(({ pid, peer, ports, direction, connections, states }): GraphEdge => {
    const about = findings.filter((finding) => finding.category !== 'gap' && namesPeer(finding, pid, peer));
    return { pid, peer, direction, connections, ports: [...ports].sort(), states: [...states].sort(), findings: about.map(({ number }) => number), severity: worstOf(about) };
  });
  return folded(snapshot, drawn.sort((a, b) => rank(b) - rank(a) || a.pid - b.pid || (a.peer < b.peer ? -1 : 1)), listens, findings, text);
}

/** What is drawn: the edges of the worst findings and with the most connections first. */
function folded(snapshot: ContainerSnapshot, edges: readonly GraphEdge[], listens: ReadonlyMap<number, ReadonlySet<string>>, findings: readonly FindingView[], text: TextMaker['text']): NetworkView['graph'] {
  const pids = [...new Set([...edges.map(({ pid }) => pid), ...listens.keys()])];
  const peers = [...new Set(edges.map(({ peer }) => peer))];
  const drawnPids = new Set(pids.slice(0, maxDrawnProcesses));
  const drawnPeers = new Set(peers.slice(0, maxDrawnPeers));
  const names = new Map(snapshot.processes.map(({ pid, comm }) => [pid, comm]));
  return {
    processes: [...drawnPids].map((pid) => ({
      pid,
      name: text(names.get(pid) ?? '', 64),
      severity: worstOf(findings.filter((finding) => finding.pid === pid)),
      listens: [...(listens.get(pid) ?? [])].sort(),
    })),
    peers: [...drawnPeers].map((address) => ({ address, scope: scopeOf(address) })),
    edges: edges.filter(({ pid, peer }) => drawnPids.has(pid) && drawnPeers.has(peer)),
    folded: pids.length - drawnPids.size + peers.length - drawnPeers.size,
  };
}

function rank({ severity, connections }: GraphEdge): number {
  return (severity === undefined ? 0 : severityId(severity)) * 1e6 + Math.min(connections, 1e5);
}

function namesPeer({ pid, facts, evidence }: FindingView, ofPid: number, peer: string): boolean {
  const names = (value: EvidenceText | undefined): boolean => typeof value === 'string' && (value.includes(`${peer}:`) || value.includes(`[${peer}]`));
  if (pid === ofPid && facts.some(({ name, value }) => name === 'peer' && names(value))) return true;
  return evidence.some((item) => item.pid === ofPid && item.what === 'socket' && names(item.value));
}

function worstOf(findings: readonly Pick<FindingView, 'severity'>[]): Severity | undefined {
  return findings.map(({ severity }) => severity).sort((a, b) => severityId(b) - severityId(a))[0];
}

function isInternet({ family }: Socket): boolean {
  return family === 'AF_INET' || family === 'AF_INET6';
}

/** A TCP socket that listens, or a datagram socket that is bound and has no peer. */
function isListening({ state, type, local, remote }: Socket): boolean {
  return state === 'LISTEN' || (type === 'SOCK_DGRAM' && local !== undefined && local.port !== 0 && (remote === undefined || remote.port === 0));
}

function kindOf({ family, type, protocol }: Socket): string {
  const short = family.replace(/^AF_/, '').toLowerCase();
  const kind = (protocol === '' ? type : protocol).replace(/^(?:SOCK|IPPROTO|NETLINK)_/, '').toLowerCase();
  return short === 'inet' ? kind : short === 'inet6' ? `${kind}6` : `${short} ${kind}`.trimEnd();
}

function endpointText({ address, port }: Endpoint): string {
  const plain = plainAddress(address);
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

/** IPv4 in an IPv6 socket (`::ffff:10.0.0.1`) as IPv4. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** RFC 1918, 3927, 4193, 4291, 5737, 6598. */
export function scopeOf(address: string): AddressScope {
  if (address.includes(':')) {
    if (address === '::1' || address === '::') return 'loopback';
    if (/^ff/i.test(address)) return 'multicast';
    if (/^fe[89ab]/i.test(address)) return 'link_local';
    if (/^f[cd]/i.test(address)) return 'private';
    return /^2001:0?db8:/i.test(address) ? 'documentation' : 'internet';
  }
  const [a = 0, b = 0, c = 0] = address.split('.').map(Number);
  if (a === 127 || a === 0) return 'loopback';
  if (a >= 224) return 'multicast';
  if (a === 169 && b === 254) return 'link_local';
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128)) return 'private';
  return (a === 192 && b === 0 && c === 2) || (a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113) ? 'documentation' : 'internet';
}
