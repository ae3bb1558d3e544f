import { type GraphEdge, maxDrawnPeers, maxDrawnProcesses, maxShownSockets, type NetworkView, scopeOf, type SocketView } from '@icecore/views';
import type { FindingRow, ProcessRow, SocketRow } from './capture-rows.ts';
import { addTo, pidsOf } from './process-views.ts';

/** Who speaks with whom, from the lake's rows: a row for each descriptor that holds a socket. */
export function networkViewOf(rows: readonly SocketRow[], processes: readonly ProcessRow[], findings: readonly FindingRow[]): NetworkView {
  const byFile = new Map<number, SocketRow[]>();
  for (const row of rows) addTo(byFile, row.file_id, row);
  const sockets = [...byFile.values()];
  const shown = sockets.filter(([row]) => row !== undefined && row.family !== 'AF_UNIX' && row.family !== 'AF_NETLINK');
  return {
    sockets: shown.slice(0, maxShownSockets).flatMap(socketView),
    socketCount: shown.length,
    unixCount: sockets.filter(([row]) => row?.family === 'AF_UNIX').length,
    graph: graphOf(shown, processes, findings),
  };
}

function socketView(rows: readonly SocketRow[]): SocketView[] {
  const [row] = rows;
  if (row === undefined) return [];
  return [{
    pids: rows.flatMap(({ pid, fd }) => (pid === null || fd === null ? [] : [{ pid, fd }])).slice(0, 16),
    kind: kindOf(row), state: row.state ?? undefined,
    local: endpoint(row.local_address, row.local_port),
    remote: row.remote_port === 0 ? undefined : endpoint(row.remote_address, row.remote_port),
    receiveBytes: row.receive_queue_bytes ?? 0, sendBytes: row.send_queue_bytes ?? 0,
  }];
}

interface Edge {
  readonly pid: number;
  readonly peer: string;
  readonly direction: 'in' | 'out';
  readonly ports: Set<string>;
  readonly states: Set<string>;
  connections: number;
}

function graphOf(sockets: readonly (readonly SocketRow[])[], processes: readonly ProcessRow[], findings: readonly FindingRow[]): NetworkView['graph'] {
  const internet = sockets.filter(([row]) => row?.family.startsWith('AF_INET') === true);
  const listening = new Set(internet.flatMap(([row]) => (row !== undefined && isListening(row) ? [`${row.protocol} ${row.local_port}`] : [])));
  const edges = new Map<string, Edge>();
  const listens = new Map<number, Set<string>>();
  for (const rows of internet) {
    for (const pid of new Set(rows.flatMap((row) => row.pid ?? []))) {
      const [row] = rows;
      if (row === undefined) continue;
      if (row.remote_address !== null && row.remote_port !== null && row.remote_port !== 0) addEdge(edges, pid, row, listening);
      else if (isListening(row)) listens.set(pid, (listens.get(pid) ?? new Set<string>()).add(`${kindOf(row)} ${endpoint(row.local_address, row.local_port) ?? ''}`));
    }
  }
  const worst = (pid: number, peer: string): { readonly numbers: readonly number[]; readonly severity: FindingRow['severity'] | undefined } => {
    const about = findings.flatMap((finding, i) => (finding.category !== 'gap' && finding.summary.includes(peer) && pidsOf(finding).has(pid) ? [{ number: i + 1, finding }] : []));
    return { numbers: about.map(({ number }) => number), severity: about[0]?.finding.severity };
  };
  const drawn = [...edges.values()].map(({ pid, peer, direction, ports, states, connections }): GraphEdge => {
    const { numbers, severity } = worst(pid, peer);
    return { pid, peer, direction, connections, ports: [...ports].sort(), states: [...states].sort(), findings: numbers, severity };
  }).sort((a, b) => b.findings.length - a.findings.length || b.connections - a.connections || a.pid - b.pid);
  const pids = [...new Set([...drawn.map(({ pid }) => pid), ...listens.keys()])];
  const peers = [...new Set(drawn.map(({ peer }) => peer))];
  const drawnPids = new Set(pids.slice(0, maxDrawnProcesses));
  const drawnPeers = new Set(peers.slice(0, maxDrawnPeers));
  return {
    processes: [...drawnPids].map((pid) => ({ pid, name: processes.find((each) => each.pid === pid)?.comm ?? '', severity: findings.find((finding) => finding.pid === pid)?.severity, listens: [...(listens.get(pid) ?? [])].sort() })),
    peers: [...drawnPeers].map((address) => ({ address, scope: scopeOf(address) })),
    edges: drawn.filter(({ pid, peer }) => drawnPids.has(pid) && drawnPeers.has(peer)),
    folded: pids.length - drawnPids.size + peers.length - drawnPeers.size,
  };
}

function addEdge(edges: Map<string, Edge>, pid: number, row: SocketRow, listening: ReadonlySet<string>): void {
  const incoming = listening.has(`${row.protocol} ${row.local_port}`);
  const peer = plainAddress(row.remote_address ?? '');
  const key = `${pid} ${peer} ${incoming}`;
  const edge = edges.get(key) ?? { pid, peer, direction: incoming ? 'in' : 'out', ports: new Set<string>(), states: new Set<string>(), connections: 0 };
  edge.ports.add(`${kindOf(row)} ${incoming ? row.local_port : row.remote_port}`);
  edge.connections += 1;
  if (row.state !== null) edge.states.add(row.state);
  edges.set(key, edge);
}

/** A TCP socket that listens, or a datagram socket that is bound and has no peer. */
function isListening({ state, type, local_port, remote_port }: SocketRow): boolean {
  return state === 'LISTEN' || (type === 'SOCK_DGRAM' && local_port !== null && local_port !== 0 && (remote_port === null || remote_port === 0));
}

function kindOf({ family, type, protocol }: SocketRow): string {
  const short = family.replace(/^AF_/, '').toLowerCase();
  const kind = (protocol === '' ? type : protocol).replace(/^(?:SOCK|IPPROTO|NETLINK)_/, '').toLowerCase();
  return short === 'inet' ? kind : short === 'inet6' ? `${kind}6` : `${short} ${kind}`.trimEnd();
}

function endpoint(address: string | null, port: number | null): string | undefined {
  if (address === null) return undefined;
  const plain = plainAddress(address);
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

/** IPv4 in an IPv6 socket (`::ffff:10.0.0.1`) as IPv4. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
