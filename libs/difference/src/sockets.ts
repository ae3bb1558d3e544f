import type { Endpoint, Socket } from '@icecore/snapshot';
import { compareFields, type FieldChange, type Fields } from './fields.ts';
import { type Changes, inTextOrder, type KeyOf, pairUp } from './pairing.ts';

/** A socket by what it is to others. */
export interface SocketName {
  readonly family: string;
  readonly type: string;
  readonly protocol: string;
  /** `address:port`, IPv6 addresses in brackets; null where it has none. */
  readonly local: string | null;
  readonly remote: string | null;
  /** Path of a unix socket; abstract ones begin with `@`. */
  readonly path: string | null;
  readonly state: string | null;
  readonly inode: number | null;
}

export interface SocketChange {
  /** The socket as it is named on both sides; what differs is in `fields`. */
  readonly socket: Pick<SocketName, 'family' | 'type' | 'protocol'> & { readonly before: SocketName; readonly after: SocketName };
  readonly fields: readonly FieldChange[];
}

/**
 * Sockets are the same where family, type, protocol, both ends and path are, those of the same inode first. A socket
 * without ends or path is known by its inode alone, and so is one that was bound or connected in between.
 */
export function compareSockets(before: readonly Socket[], after: readonly Socket[]): Changes<SocketName, SocketChange> {
  const { pairs, added, removed } = pairUp(before, after, [sameSocket, sameEnds, sameInode]);
  const changed = pairs.flatMap(([was, is]) => {
    const fields = compareFields(fieldsOf(was), fieldsOf(is));
    const { family, type, protocol } = was;
    return fields.length === 0 ? [] : [{ socket: { family, type, protocol, before: nameOf(was), after: nameOf(is) }, fields }];
  });
  return {
    added: added.map(nameOf).sort(inTextOrder),
    removed: removed.map(nameOf).sort(inTextOrder),
    changed,
  };
}

const sameInode: KeyOf<Socket> = ({ family, type, protocol, inode }) => (inode === undefined ? undefined : JSON.stringify([family, type, protocol, inode]));

const sameEnds: KeyOf<Socket> = (socket) => {
  const { family, type, protocol, inode } = socket;
  const ends = [textOf(socket.local), textOf(socket.remote), socket.path ?? ''];
  // A packet socket has neither name nor inode: the first goes with the first.
  const named = inode === undefined || isNamed(socket);
  return named ? JSON.stringify([family, type, protocol, ...ends]) : undefined;
};

const sameSocket: KeyOf<Socket> = (socket) => {
  const ends = sameEnds(socket);
  return ends === undefined || socket.inode === undefined ? undefined : `${ends} ${socket.inode}`;
};

function isNamed({ local, remote, path }: Socket): boolean {
  return local !== undefined || remote !== undefined || (path !== undefined && path !== '' && path !== '@');
}

function nameOf(socket: Socket): SocketName {
  return {
    family: socket.family,
    type: socket.type,
    protocol: socket.protocol,
    local: textOf(socket.local),
    remote: textOf(socket.remote),
    path: socket.path ?? null,
    state: socket.state ?? null,
    inode: socket.inode ?? null,
  };
}

function fieldsOf(socket: Socket): Fields {
  const { options } = socket;
  return {
    local: textOf(socket.local),
    remote: textOf(socket.remote),
    path: socket.path ?? null,
    state: socket.state ?? null,
    inode: socket.inode ?? null,
    peerInode: socket.peerInode ?? null,
    backlog: socket.backlog ?? null,
    receiveQueueBytes: socket.receiveQueue.bytes,
    sendQueueBytes: socket.sendQueue.bytes,
    boundDevice: options.boundDevice ?? null,
    filterInstructions: options.filterInstructions,
    mark: options.mark ?? null,
    shutdown: options.shutdown ?? null,
  };
}

function textOf(end: Endpoint | undefined): string | null {
  if (end === undefined) return null;
  return end.address.includes(':') ? `[${end.address}]:${end.port}` : `${end.address}:${end.port}`;
}
