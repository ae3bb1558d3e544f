import type { Descriptor, Process, Socket } from '@icecore/snapshot';
import type { EvidenceItem } from './finding.ts';
import type { Examination } from './examination.ts';

/** A socket that a process holds, with the descriptors that lead to it. */
export interface HeldSocket {
  readonly socket: Socket;
  readonly descriptors: readonly Descriptor[];
}

export function socketsOf(process: Process, { snapshot }: Examination): readonly HeldSocket[] {
  const sockets = new Map(snapshot.sockets.map((socket) => [socket.fileId, socket]));
  const held = new Map<number, Descriptor[]>();
  for (const descriptor of process.descriptors) if (sockets.has(descriptor.fileId)) held.set(descriptor.fileId, [...(held.get(descriptor.fileId) ?? []), descriptor]);
  return [...held].flatMap(([id, descriptors]) => {
    const socket = sockets.get(id);
    return socket === undefined ? [] : [{ socket, descriptors }];
  });
}

export function isInet({ family }: Socket): boolean {
  return family === 'AF_INET' || family === 'AF_INET6';
}

/** An address as it is written where it stands for an IPv4 one: `::ffff:10.0.0.1` is `10.0.0.1`. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain.startsWith('127.') || plain === '::1' || plain === '0.0.0.0' || plain === '::';
}

/** An address of the internet: not private, link-local, shared (RFC 6598), documentation or multicast. */
export function isInternet(address: string): boolean {
  const plain = plainAddress(address);
  if (isLoopback(plain)) return false;
  if (plain.includes(':')) return !/^(?:f[cd]|fe[89ab]|ff)/i.test(plain);
  const [a = 0, b = 0] = plain.split('.').map(Number);
  return !(a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128) || a >= 224);
}

/** Some process of the container listens on a port. */
export function listensOn({ snapshot }: Examination, port: number | undefined): boolean {
  return port !== undefined && snapshot.sockets.some(({ state, local }) => state === 'LISTEN' && local?.port === port);
}

/** First of the ports that Linux gives to whoever calls (ip(7), ip_local_port_range). */
const firstEphemeralPort = 32768;

/** A connection that came from outside: its port is listened on, or the ports tell who called. A listener may be gone once it has its caller. */
export function isIncoming(examination: Examination, { local, remote }: Socket): boolean {
  if (listensOn(examination, local?.port)) return true;
  return local !== undefined && remote !== undefined && local.port > 0 && local.port < firstEphemeralPort && remote.port >= firstEphemeralPort;
}

/** `203.0.113.7:4444`, `[2001:db8::1]:443`; undefined for a socket without a peer. */
export function peerOf({ remote }: Socket): string | undefined {
  if (remote === undefined || remote.port === 0) return undefined;
  const address = plainAddress(remote.address);
  return address.includes(':') ? `[${address}]:${remote.port}` : `${address}:${remote.port}`;
}

export function socketEvidence(process: Process, { socket, descriptors }: HeldSocket): EvidenceItem {
  const local = socket.local === undefined ? '' : `${plainAddress(socket.local.address)}:${socket.local.port} → `;
  const [first] = descriptors;
  return { what: 'socket', pid: process.pid, ...(first === undefined ? {} : { fd: first.fd }), image: 'files.img', value: `${local}${peerOf(socket) ?? 'no peer'} ${socket.state ?? ''}`.trim() };
}

/** A file that is open, as evidence. */
export function descriptorEvidence(process: Process, { fd, file }: Descriptor): EvidenceItem {
  return { what: 'open file', pid: process.pid, fd, path: file.name, image: 'files.img' };
}
