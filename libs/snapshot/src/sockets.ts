import { type ByteSource, gapOf, sliceSource, textFromBytes } from '@icecore/bytes';
import { imageTypes } from '@icecore/criu';
import { formatIpAddress, ipProtocol, netlinkProtocol, socketFamily, socketType, tcpState } from '@icecore/linux';
import type { ImageReader } from './image-reader.ts';
import type { FileEntry } from './open-files.ts';

/** A socket of the container. Which processes hold it, their descriptors tell. */
export interface Socket {
  /** Id of the open file. */
  readonly fileId: number;
  readonly inode: number | undefined;
  /** `AF_INET`, `AF_UNIX`, … */
  readonly family: string;
  readonly type: string;
  readonly protocol: string;
  /** `ESTABLISHED`, `LISTEN`, `CLOSE`, …; undefined for families without states. */
  readonly state: string | undefined;
  readonly local: Endpoint | undefined;
  readonly remote: Endpoint | undefined;
  /** Path of a unix socket; abstract ones begin with `@`. Empty where it has none. */
  readonly path: string | undefined;
  readonly peerInode: number | undefined;
  readonly backlog: number | undefined;
  /** Bytes that arrived and were not read. */
  readonly receiveQueue: Queue;
  /** Bytes that were written and not acknowledged. */
  readonly sendQueue: Queue;
  readonly options: {
    readonly boundDevice: string | undefined;
    /** A filter (SO_ATTACH_FILTER) is attached, of this many instructions. */
    readonly filterInstructions: number;
    readonly mark: number | undefined;
    /** A packet socket asked for everything that passes (packet(7), PACKET_MR_PROMISC). */
    readonly promiscuous: boolean;
    readonly shutdown: string | undefined;
  };
  readonly namespaceId: number | undefined;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Bytes of a queue, in order; `messages` are the bounds of datagrams. */
export interface Queue {
  readonly bytes: number;
  readonly messages: readonly QueuedBytes[];
}
export interface QueuedBytes {
  readonly image: string;
  readonly offset: number;
  readonly source: ByteSource;
  /** Ids of open files that were in flight with the message (SCM_RIGHTS). */
  readonly passedFiles: readonly number[];
}

const emptyQueue: Queue = { bytes: 0, messages: [] };

export async function readSockets(images: ImageReader, files: ReadonlyMap<number, FileEntry>): Promise<readonly Socket[]> {
  const datagrams = await readDatagrams(images);
  const sockets: Socket[] = [];
  for (const entry of files.values()) {
    const queued = datagrams.get(entry.id) ?? emptyQueue;
    if (entry.isk !== undefined) sockets.push(await inetSocket(images, entry.isk, queued));
    else if (entry.usk !== undefined) sockets.push(unixSocket(entry.usk, queued));
    else if (entry.nlsk !== undefined) sockets.push(netlinkSocket(entry.nlsk, queued));
    else if (entry.psk !== undefined) sockets.push(packetSocket(entry.psk, queued));
  }
  return sockets;
}

async function inetSocket(images: ImageReader, entry: NonNullable<FileEntry['isk']>, queued: Queue): Promise<Socket> {
  const stream = entry.proto === 6 ? await readTcpStream(images, entry.ino) : undefined;
  const endpoint = (words: readonly number[], port: number): Endpoint | undefined => {
    const address = formatIpAddress(words, entry.family);
    return address === undefined ? undefined : { address, port };
  };
  return {
    fileId: entry.id,
    inode: entry.ino,
    family: socketFamily(entry.family),
    type: socketType(entry.type),
    protocol: ipProtocol(entry.proto),
    state: tcpState(entry.state).kernel,
    local: endpoint(entry.src_addr, entry.src_port),
    remote: endpoint(entry.dst_addr, entry.dst_port),
    path: undefined,
    peerInode: undefined,
    backlog: entry.backlog,
    receiveQueue: stream?.receive ?? queued,
    sendQueue: stream?.send ?? emptyQueue,
    options: optionsOf(entry.opts, entry.shutdown),
    namespaceId: entry.ns_id,
  };
}

function unixSocket(entry: NonNullable<FileEntry['usk']>, queued: Queue): Socket {
  const { name } = entry;
  const path = name[0] === 0 ? `@${textFromBytes(name.subarray(1))}` : textFromBytes(name[name.length - 1] === 0 ? name.subarray(0, -1) : name);
  return {
    fileId: entry.id,
    inode: entry.ino,
    family: 'AF_UNIX',
    type: socketType(entry.type),
    protocol: '',
    state: tcpState(entry.state).kernel,
    local: undefined,
    remote: undefined,
    path,
    peerInode: entry.peer === 0 ? undefined : entry.peer,
    backlog: entry.backlog,
    receiveQueue: queued,
    sendQueue: emptyQueue,
    options: optionsOf(entry.opts, entry.shutdown),
    namespaceId: entry.ns_id,
  };
}

function netlinkSocket(entry: NonNullable<FileEntry['nlsk']>, queued: Queue): Socket {
  const protocol = netlinkProtocol(entry.protocol);
  return { ...unconnected, ...about(entry), inode: entry.ino, family: 'AF_NETLINK', type: '', protocol, receiveQueue: queued };
}

function packetSocket(entry: NonNullable<FileEntry['psk']>, queued: Queue): Socket {
  const protocol = `0x${entry.protocol.toString(16)}`;
  const { options, ...rest } = about(entry);
  const promiscuous = entry.mclist.some(({ type }) => type === membershipPromiscuous);
  return { ...unconnected, ...rest, options: { ...options, promiscuous }, inode: undefined, family: 'AF_PACKET', type: socketType(entry.type), protocol, receiveQueue: queued };
}

/** Linux, include/uapi/linux/if_packet.h: PACKET_MR_PROMISC. */
const membershipPromiscuous = 1;

/** What sockets of the families that know no connections lack. */
const unconnected = {
  state: undefined,
  local: undefined,
  remote: undefined,
  path: undefined,
  peerInode: undefined,
  backlog: undefined,
  sendQueue: emptyQueue,
} as const;

function about(entry: NonNullable<FileEntry['nlsk'] | FileEntry['psk']>): Pick<Socket, 'fileId' | 'options' | 'namespaceId'> {
  return { fileId: entry.id, options: optionsOf(entry.opts, undefined), namespaceId: entry.ns_id };
}

function optionsOf(options: NonNullable<FileEntry['isk']>['opts'], shutdown: string | number | undefined): Socket['options'] {
  return {
    boundDevice: options.so_bound_dev,
    filterInstructions: options.so_filter.length,
    mark: options.so_mark,
    promiscuous: false,
    shutdown: shutdown === undefined || shutdown === 'NONE' ? undefined : String(shutdown),
  };
}

async function readTcpStream(images: ImageReader, inode: number): Promise<{ receive: Queue; send: Queue } | undefined> {
  const image = `tcp-stream-${inode.toString(16)}.img`;
  const source = images.folder.open(image);
  if (source === undefined) return undefined;
  const entry = await images.first(image, imageTypes.TCP_STREAM, `queues of TCP socket ${inode}`);
  if (entry === undefined) return undefined;
  const queue = (name: 'inq' | 'outq'): Queue => {
    const part = entry.payload.find((each) => each.name === name);
    if (part === undefined || part.length === 0) return emptyQueue;
    const bytes = sliceSource(source, part.offset, part.offset + part.length);
    return { bytes: part.length, messages: [{ image, offset: part.offset, source: bytes, passedFiles: [] }] };
  };
  return { receive: queue('inq'), send: queue('outq') };
}

/** Datagrams and unix stream data that wait in sockets, by the id of the open file. */
async function readDatagrams(images: ImageReader): Promise<ReadonlyMap<number, Queue>> {
  const image = 'sk-queues.img';
  const source = images.folder.open(image);
  const queues = new Map<number, Queue>();
  if (source === undefined) return queues;
  for (const { message, payload } of await images.read(image, imageTypes.SK_QUEUES)) {
    const [part] = payload;
    if (part === undefined) continue;
    try {
      const before = queues.get(message.id_for) ?? emptyQueue;
      const queued: QueuedBytes = {
        image,
        offset: part.offset,
        source: sliceSource(source, part.offset, part.offset + part.length),
        passedFiles: message.scm.flatMap(({ rights }) => rights),
      };
      queues.set(message.id_for, { bytes: before.bytes + part.length, messages: [...before.messages, queued] });
    } catch (error) {
      images.gaps.push(gapOf(`queue of socket ${message.id_for}`, error));
    }
  }
  return queues;
}
