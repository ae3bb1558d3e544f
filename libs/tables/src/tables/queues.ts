import type { ByteSource } from '@icecore/bytes';
import { bigint, integer, nullable, structList, text, type ValuesOf } from '@icecore/lake';
import type { ContainerSnapshot, Queue, Socket } from '@icecore/snapshot';
import { contentHash } from '../content-hash.ts';
import { type Filling, filledTable } from '../filled-table.ts';
import { sortedBy, whole } from '../values.ts';

const columns = {
  kind: text('What the bytes waited in: fifo, pipe, socket_receive or socket_send.'),
  queue_id: bigint('Id of the pipe, or of the open file that is the socket.'),
  position: integer('Place in the queue, from 0.'),
  size: nullable(bigint('Number of bytes.')),
  sha256: nullable(text('SHA-256 of the bytes, in lower-case hex; NULL where they cannot be read, which a gap tells.')),
  capacity: nullable(bigint('Capacity of a pipe, in bytes; NULL where the dump does not say.')),
  passed_files: structList({ file_id: bigint('Id of the open file.') }, 'Open files in flight with the message (SCM_RIGHTS).'),
  criu_image: text('CRIU image that holds the bytes.'),
  image_offset: nullable(bigint('Offset of the first byte in the image.')),
};

export const queues = filledTable(
  {
    name: 'queues',
    description: 'Bytes that were written to a pipe or a socket and not read: one run of a stream, or one message.',
    version: 1,
    columns,
    sortBy: ['kind', 'queue_id', 'position'],
  },
  async function* (from: Filling): AsyncIterable<ValuesOf<typeof columns>> {
    for (const queued of [...pipeBytes(from.snapshot), ...socketBytes(from.snapshot)]) {
      const { kind, id, position, source, capacity, passedFiles, image, offset } = queued;
      yield {
        kind,
        queue_id: BigInt(id),
        position,
        size: whole(source.size),
        sha256: await contentHash({ subject: `bytes ${position} of ${kind} ${id}`, source, place: { image, offset } }, from),
        capacity: whole(capacity),
        passed_files: passedFiles.map((file) => ({ file_id: BigInt(file) })),
        criu_image: image,
        image_offset: whole(offset),
      };
    }
  },
);

interface Queued {
  readonly kind: string;
  readonly id: number;
  readonly position: number;
  readonly source: ByteSource;
  readonly capacity: number | undefined;
  readonly passedFiles: readonly number[];
  readonly image: string;
  readonly offset: number;
}

function pipeBytes({ pipes }: ContainerSnapshot): Queued[] {
  const positions = new Map<string, number>();
  const queued = pipes.map(({ pipeId, image, offset, capacity, source }) => {
    const kind = image.startsWith('fifo') ? 'fifo' : 'pipe';
    const key = `${kind} ${pipeId}`;
    const position = positions.get(key) ?? 0;
    positions.set(key, position + 1);
    return { kind, id: pipeId, position, source, capacity, passedFiles: [], image, offset };
  });
  return sortedBy(sortedBy(queued, ({ id }) => id), ({ kind }) => kind);
}

function socketBytes({ sockets }: ContainerSnapshot): Queued[] {
  const sorted = sortedBy(sockets, ({ fileId }) => fileId);
  const of = (kind: string, queueOf: (socket: Socket) => Queue): Queued[] =>
    sorted.flatMap((socket) =>
      queueOf(socket).messages.map(({ image, offset, source, passedFiles }, position) => ({
        kind,
        id: socket.fileId,
        position,
        source,
        capacity: undefined,
        passedFiles,
        image,
        offset,
      })),
    );
  return [...of('socket_receive', ({ receiveQueue }) => receiveQueue), ...of('socket_send', ({ sendQueue }) => sendQueue)];
}
