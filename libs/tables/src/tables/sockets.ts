import { bigint, nullable, structList, text, type ValuesOf } from '@icecore/lake';
import type { ContainerSnapshot, Socket } from '@icecore/snapshot';
import { addressKey } from '../address-key.ts';
import { type Filling, filledTable } from '../filled-table.ts';
import { sortedBy, whole } from '../values.ts';

/** Most descriptors of the other end that one row lists. */
export const maxPeerCount = 256;

const port = (which: string) => nullable(bigint(`${which} port; NULL where the family has none.`));
const address = (which: string) => nullable(text(`${which} address; NULL where the family has none.`));

const columns = {
  file_id: bigint('Id of the open file that is the socket.'),
  pid: nullable(bigint('Process that holds the socket; NULL where no descriptor leads to it.')),
  fd: nullable(bigint('Descriptor by which the process holds it; NULL where none leads to it.')),
  family: text('Address family: AF_INET, AF_UNIX, AF_NETLINK and others.'),
  type: text('Type: SOCK_STREAM, SOCK_DGRAM and others; empty where the dump does not say.'),
  protocol: text('Protocol: IPPROTO_TCP, NETLINK_ROUTE and others; empty for families that have one only.'),
  state: nullable(text('State in the words of the kernel: ESTABLISHED, LISTEN and others; NULL for families without states.')),
  local_address: address('Local'),
  local_port: port('Local'),
  remote_address: address('Remote'),
  remote_port: port('Remote'),
  local_address_key: nullable(text('Local IP address as 32 hex digits, IPv4 as ::ffff:a.b.c.d, so that a network is a range of text; NULL for other families.')),
  remote_address_key: nullable(text('Remote IP address in the same form; NULL for other families.')),
  path: nullable(text('Path of a unix socket, abstract ones with @ in front, empty where it has none; NULL for other families.')),
  inode: nullable(bigint('Inode number; NULL where the dump does not say.')),
  peer_inode: nullable(bigint('Inode number of the other end of a unix socket; NULL where it has none.')),
  peers: structList(
    { pid: bigint('Process.'), fd: bigint('Descriptor.') },
    'Descriptors in this container that hold the other end of the connection; empty where none does.',
  ),
  backlog: nullable(bigint('Length of the queue of a listening socket; NULL where the family has none.')),
  receive_queue_bytes: nullable(bigint('Bytes that arrived and were not read.')),
  send_queue_bytes: nullable(bigint('Bytes that were written and not acknowledged.')),
  filter_instructions: bigint('Instructions of an attached filter (SO_ATTACH_FILTER); 0 for none.'),
  bound_device: nullable(text('Network interface the socket is bound to; NULL for none.')),
  mark: nullable(bigint('Mark of SO_MARK; NULL where the dump does not say.')),
  shutdown: nullable(text('Directions that are shut down; NULL for none.')),
  network_namespace: nullable(bigint('Id of the network namespace as the dump numbers them; NULL where it does not say.')),
};

export const sockets = filledTable(
  { name: 'sockets', description: 'One socket, once for each descriptor that holds it.', version: 2, columns, sortBy: ['file_id', 'pid', 'fd'] },
  function* ({ snapshot, gaps }: Filling): Iterable<ValuesOf<typeof columns>> {
    const holders = holdersOf(snapshot);
    const ends = otherEnds(snapshot.sockets);
    for (const socket of sortedBy(snapshot.sockets, ({ fileId }) => fileId)) {
      const peers: Holder[] = [];
      for (const end of ends(socket)) for (const holder of holders.get(end.fileId) ?? []) if (peers.length <= maxPeerCount) peers.push(holder);
      if (peers.length > maxPeerCount) {
        const reason = `more than ${maxPeerCount} descriptors hold it`;
        gaps.push({ code: 'limit', subject: `holders of the other end of socket ${socket.fileId}`, reason, place: {} });
      }
      const listed = peers.slice(0, maxPeerCount);
      const own = holders.get(socket.fileId);
      if (own === undefined) yield { ...socketValues(socket), pid: null, fd: null, peers: listed };
      else for (const holder of own) yield { ...socketValues(socket), ...holder, peers: listed };
    }
  },
);

interface Holder {
  readonly pid: bigint;
  readonly fd: bigint;
}

function holdersOf({ processes }: ContainerSnapshot): ReadonlyMap<number, readonly Holder[]> {
  const holders = new Map<number, Holder[]>();
  for (const { pid, descriptors } of sortedBy(processes, (process) => process.pid)) {
    for (const { fd, fileId } of descriptors) {
      const known = holders.get(fileId);
      const holder = { pid: BigInt(pid), fd: BigInt(fd) };
      if (known === undefined) holders.set(fileId, [holder]);
      else known.push(holder);
    }
  }
  return holders;
}

/**
 * Finds the sockets at the other end: by inode for unix sockets, by both addresses for connections within one
 * network namespace.
 */
function otherEnds(all: readonly Socket[]): (socket: Socket) => readonly Socket[] {
  const byInode = Map.groupBy(all.filter(isUnix), ({ inode }) => inode);
  const byEnds = Map.groupBy(all.filter(isConnected), (socket) => endsOf(socket, socket.local, socket.remote));
  return (socket) => {
    if (socket.peerInode !== undefined) return byInode.get(socket.peerInode) ?? [];
    return isConnected(socket) ? (byEnds.get(endsOf(socket, socket.remote, socket.local)) ?? []) : [];
  };
}

/** Unix sockets alone have a path, be it empty. */
function isUnix({ path }: Socket): boolean {
  return path !== undefined;
}

function isConnected({ state, remote }: Socket): boolean {
  return state === 'ESTABLISHED' && remote !== undefined && remote.port !== 0;
}

function endsOf({ protocol, namespaceId }: Socket, from: Socket['local'], to: Socket['local']): string {
  return [protocol, namespaceId, from?.address, from?.port, to?.address, to?.port].join(' ');
}

function socketValues(socket: Socket): Omit<ValuesOf<typeof columns>, 'pid' | 'fd' | 'peers'> {
  const { fileId, type, protocol, local, remote, options } = socket;
  return {
    file_id: BigInt(fileId),
    family: familyOf(socket),
    type,
    protocol,
    state: socket.state ?? null,
    local_address: local?.address ?? null,
    local_port: whole(local?.port),
    remote_address: remote?.address ?? null,
    remote_port: whole(remote?.port),
    local_address_key: local === undefined ? null : addressKey(local.address),
    remote_address_key: remote === undefined ? null : addressKey(remote.address),
    path: socket.path ?? null,
    inode: whole(socket.inode),
    peer_inode: whole(socket.peerInode),
    backlog: whole(socket.backlog),
    receive_queue_bytes: whole(socket.receiveQueue.bytes),
    send_queue_bytes: whole(socket.sendQueue.bytes),
    filter_instructions: BigInt(options.filterInstructions),
    bound_device: options.boundDevice ?? null,
    mark: whole(options.mark),
    shutdown: options.shutdown ?? null,
    network_namespace: whole(socket.namespaceId),
  };
}

/** The name of the family with the prefix that all names of the kernel have. */
function familyOf({ family }: Socket): string {
  return family.startsWith('AF_') ? family : `AF_${family}`;
}
