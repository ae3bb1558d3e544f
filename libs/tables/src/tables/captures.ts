import { bigint, boolean, integer, json, nullable, text, textList, timestamp, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import type { Redaction } from '../redaction.ts';
import { whole } from '../values.ts';

const microseconds = (what: string) => nullable(bigint(`${what}, in microseconds; NULL where the archive has no statistics.`));
const pages = (what: string) => nullable(bigint(`${what}; NULL where the archive has no statistics.`));

const columns = {
  engine: text('What took the checkpoint: podman, cri-o, containerd or unknown.'),
  runtime: nullable(text('OCI runtime that ran the container; NULL where the archive does not say.')),
  pod_uid: nullable(text('UID of the pod; NULL where not known.')),
  image_ref: nullable(text('Digest or id of the image; NULL where the archive does not say.')),
  created_at: nullable(timestamp('When the container was created, in UTC; NULL where the archive does not say.')),
  checkpointed_source: nullable(text('Where captured_at is from: config.dump, or archive for the time stamps of its entries; NULL where not known.')),
  hostname: nullable(text('Host name in the container; NULL where the archive does not say.')),
  command: textList('Command that the container was started with.'),
  terminal: nullable(boolean('True where the container had a terminal; NULL where the archive does not say.')),
  log_path: nullable(text('Path of the container log on the node; NULL where the archive does not say.')),
  machine: nullable(text('Machine in the words of CRIU, for example X86_64; NULL where no process could be read.')),
  page_size: nullable(bigint('Usual page size of the machine, in bytes; NULL where not known.')),
  lsm: nullable(text('Security module of the node in the words of CRIU; NULL where the dump does not say.')),
  incremental: boolean('True where the dump builds on an earlier one.'),
  freezing_time: microseconds('Time it took to stop all processes'),
  frozen_time: microseconds('Time the processes stood still'),
  memdump_time: microseconds('Time it took to collect the memory'),
  memwrite_time: microseconds('Time it took to write the memory'),
  pages_scanned: pages('Pages of memory that the dump looked at'),
  pages_skipped_parent: pages('Pages left out because the earlier dump has them'),
  pages_written: pages('Pages written'),
  pages_lazy: pages('Pages left on the node'),
  page_bytes: nullable(bigint('Bytes of memory pages in the archive.')),
  rootfs_bytes: nullable(bigint('Size of the changes to the root file system in the archive, in bytes; NULL where it has none.')),
  image_count: integer('Number of CRIU images in the archive.'),
  process_count: integer('Number of processes.'),
  thread_count: integer('Number of threads.'),
  socket_count: integer('Number of sockets.'),
  mount_count: integer('Number of mounts.'),
  archive_name: nullable(text('Name of the archive file; NULL where it was not told.')),
  archive_bytes: nullable(bigint('Size of the archive as it was given, in bytes.')),
  archive_compression: nullable(text('Compression of the archive; NULL where it was not told.')),
  network_dumped: boolean('True where the network namespace is part of the dump.'),
  labels: nullable(json('Labels of the container as an object.')),
  annotations: nullable(json('Annotations of the container as an object.')),
};

export const captures = filledTable(
  { name: 'captures', description: 'One capture: a checkpoint of one container, and what is known of its making.', version: 1, columns, sortBy: ['captured_at', 'capture_id'] },
  function* ({ snapshot, capture: { origin }, redaction }: Filling): Iterable<ValuesOf<typeof columns>> {
    const { container, dump, processes, sockets, mounts, network, namespaces } = snapshot;
    const { statistics } = dump;
    yield {
      engine: container.engine,
      runtime: container.runtime ?? null,
      pod_uid: container.pod?.uid ?? null,
      image_ref: container.imageRef ?? null,
      created_at: container.createdAt ?? null,
      checkpointed_source: container.checkpointedAtSource ?? null,
      hostname: container.hostname ?? namespaces.hostname ?? null,
      command: redaction.arguments(container.command),
      terminal: container.terminal ?? null,
      log_path: container.logPath ?? null,
      machine: dump.machine?.name ?? null,
      page_size: whole(dump.machine?.pageSize),
      lsm: dump.lsm ?? null,
      incremental: dump.incremental,
      freezing_time: whole(statistics?.freezing_time),
      frozen_time: whole(statistics?.frozen_time),
      memdump_time: whole(statistics?.memdump_time),
      memwrite_time: whole(statistics?.memwrite_time),
      pages_scanned: whole(statistics?.pages_scanned),
      pages_skipped_parent: whole(statistics?.pages_skipped_parent),
      pages_written: whole(statistics?.pages_written),
      pages_lazy: whole(statistics?.pages_lazy),
      page_bytes: whole(dump.pageBytes),
      rootfs_bytes: whole(dump.rootfsBytes),
      image_count: dump.imageCount,
      process_count: processes.length,
      thread_count: processes.reduce((sum, { threads }) => sum + threads.length, 0),
      socket_count: sockets.length,
      mount_count: mounts.length,
      archive_name: origin.archiveName ?? null,
      archive_bytes: whole(origin.archiveBytes),
      archive_compression: origin.compression ?? null,
      network_dumped: network.dumped,
      labels: redactedNames(container.labels, redaction),
      annotations: redactedNames(container.annotations, redaction),
    };
  },
);

/** Labels or annotations, without the secrets that their names or values tell. */
function redactedNames(named: ReadonlyMap<string, string>, { variable }: Redaction): Readonly<Record<string, string>> {
  return Object.fromEntries([...named].map(([name, value]) => [name, variable(name, value).value]));
}
