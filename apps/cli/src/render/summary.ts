import { formatBytes, formatGap } from '@icecore/bytes';
import { type ContainerSnapshot, inTreeOrder, type Process, type Socket, valuesOf } from '@icecore/snapshot';
import { damageOf, type ShownEvidence } from '../evidence.ts';
import type { Terminal } from '../terminal.ts';
import { maskedArguments } from '../masking.ts';
import { shown, textTable } from './text-table.ts';

/** The head of a report: which container, when, how. */
export function headLines({ path, file, archive, snapshot }: ShownEvidence, terminal: Terminal): string[] {
  const { container, dump } = snapshot;
  const { pod } = container;
  const unknown = 'not known';
  const when = container.checkpointedAt?.toISOString().replace('T', ' ').replace(/\.\d+Z/, ' UTC');
  const frozen = dump.statistics === undefined ? undefined : `frozen for ${(dump.statistics.frozen_time / 1000).toFixed(1)} ms`;
  const facts: (readonly [string, string])[] = [
    ['container', `${shown(container.name ?? unknown)}  ${shown(container.id?.slice(0, 12) ?? '')}`.trimEnd()],
    ...(pod === undefined ? [] : [['pod', `${shown(pod.namespace ?? '?')}/${shown(pod.name ?? '?')}  uid ${shown(pod.uid ?? unknown)}`] as const]),
    ['image', shown(container.image ?? unknown)],
    ['engine', [container.engine, container.runtime, dump.machine?.name].filter((each) => each !== undefined).map((each) => shown(each)).join(', ')],
    ['taken', [when ?? unknown, container.checkpointedAtSource === 'archive' ? 'by the archive’s time stamps' : undefined, frozen].filter((each) => each !== undefined).join(', ')],
    [
      'archive',
      `${formatBytes(file.size)} ${archive.compression === 'none' ? 'uncompressed' : archive.compression}${archive.container === 'tar' ? '' : `, ${archive.container}`}, ${formatBytes(dump.pageBytes)} of memory, ${dump.rootfsBytes === undefined ? 'no root file system changes' : `${formatBytes(dump.rootfsBytes)} of file changes`}`,
    ],
  ];
  return [terminal.style('bold', shown(path)), ...facts.map(([name, value]) => `  ${terminal.style('dim', name.padEnd(9))}  ${value}`)];
}

/** The process tree, one line a process. */
export function processLines(snapshot: ContainerSnapshot, terminal: Terminal, only?: ReadonlySet<number>): string[] {
  const rows = inTreeOrder(snapshot.processes)
    .filter(({ process }) => only?.has(process.pid) !== false)
    .map(({ process, depth }) => [
      String(process.pid),
      process.credentials === undefined ? '?' : String(process.credentials.euid),
      process.state ?? '?',
      String(process.threads.length),
      `${'  '.repeat(Math.min(depth, 20))}${commandOf(process)}`,
      executableOf(process, terminal),
    ]);
  return textTable(
    [{ title: 'PID', align: 'right' }, { title: 'UID', align: 'right' }, { title: 'STATE' }, { title: 'THREADS', align: 'right' }, { title: 'COMMAND', flexible: true }, { title: 'EXECUTABLE' }],
    rows,
    terminal.width - 2,
  );
}

export function commandOf(process: Process): string {
  const words = maskedArguments(valuesOf(process.arguments)).map((word) => shown(word));
  const [first] = words;
  const base = first?.split('/').at(-1)?.replace(/^-/, '');
  const name = shown(process.comm);
  if (first === undefined || first === '') return `[${name}]`;
  return base?.startsWith(name) === true || name === '' ? words.join(' ') : `${words.join(' ')}  (comm ${name})`;
}

function executableOf(process: Process, terminal: Terminal): string {
  const { executable } = process;
  if (executable === undefined) return process.state === 'zombie' || process.state === 'dead' ? '' : '?';
  const name = shown(executable.name);
  return executable.deleted ? terminal.style('red', `${name} (${executable.type === 'MEMFD' ? 'in memory only' : 'deleted'})`) : name;
}

/** Network sockets, one line each, with who holds them. */
export function socketLines(snapshot: ContainerSnapshot, sockets: readonly Socket[], terminal: Terminal): string[] {
  const holders = new Map<number, string[]>();
  for (const { pid, descriptors } of snapshot.processes) {
    for (const { fileId, fd } of descriptors) holders.set(fileId, [...(holders.get(fileId) ?? []), `${pid}/${fd}`]);
  }
  const rows = sockets.map((socket) => [
    kindOf(socket),
    socket.state ?? '',
    String(socket.receiveQueue.bytes),
    String(socket.sendQueue.bytes),
    localOf(socket),
    remoteOf(socket, snapshot),
    (holders.get(socket.fileId) ?? []).join(' '),
  ]);
  return textTable(
    [{ title: 'SOCKET' }, { title: 'STATE' }, { title: 'RECV', align: 'right' }, { title: 'SEND', align: 'right' }, { title: 'LOCAL' }, { title: 'REMOTE' }, { title: 'PID/FD', flexible: true }],
    rows,
    terminal.width - 2,
  );
}

function kindOf({ family, type, protocol }: Socket): string {
  const short = family.replace(/^AF_/, '').toLowerCase();
  const kind = (protocol || type).replace(/^(SOCK|IPPROTO|NETLINK)_/, '').toLowerCase();
  return short === 'inet' ? kind : short === 'inet6' ? `${kind}6` : `${short} ${kind}`.trimEnd();
}

function localOf({ local, path }: Socket): string {
  if (local !== undefined) return `${shown(local.address)}:${local.port}`;
  return path === undefined ? '' : shown(path);
}

function remoteOf({ remote, peerInode }: Socket, snapshot: ContainerSnapshot): string {
  if (remote !== undefined) return remote.port === 0 ? '' : `${shown(remote.address)}:${remote.port}`;
  if (peerInode === undefined) return '';
  const peer = snapshot.sockets.find(({ inode }) => inode === peerInode);
  return peer === undefined ? `peer ${peerInode}, outside` : peer.path === undefined || peer.path === '' ? `peer ${peerInode}` : shown(peer.path);
}

/** What the snapshot does not hold, damage first. */
export function gapLines(snapshot: ContainerSnapshot, terminal: Terminal): string[] {
  const damage = damageOf(snapshot.gaps);
  const blind = snapshot.gaps.filter(({ code }) => code === 'not_captured');
  return [
    ...damage.slice(0, 50).map((gap) => `${terminal.style('red', 'damaged')}  ${shown(formatGap(gap))}`),
    ...(damage.length > 50 ? [`and ${damage.length - 50} more`] : []),
    ...blind.map(({ subject, reason }) => `${shown(subject)}: ${shown(reason)}`),
  ];
}

/** The report that a responder reads first. */
export function summaryLines(evidence: ShownEvidence, terminal: Terminal, verdict: readonly string[] = []): string[] {
  const { snapshot } = evidence;
  const network = snapshot.sockets.filter(({ family }) => family !== 'AF_UNIX' && family !== 'AF_NETLINK');
  const section = (title: string, lines: readonly string[]): string[] => ['', `  ${terminal.style('bold', title)}`, ...lines.map((line) => `  ${line}`)];
  return [
    ...headLines(evidence, terminal),
    ...verdict,
    ...(snapshot.processes.length === 0 ? [] : section(`${snapshot.processes.length} processes`, processLines(snapshot, terminal))),
    ...(network.length === 0 ? [] : section(`${network.length} network sockets`, socketLines(snapshot, network, terminal))),
    ...section('not in this archive', gapLines(snapshot, terminal)),
  ];
}
