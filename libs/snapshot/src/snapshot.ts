import type { CheckpointArchive, OpenOptions } from '@icecore/archive';
import type { ByteSource, Gap } from '@icecore/bytes';
import { imageTypes, type MessageOf } from '@icecore/criu';
import { type ImageFolder, imageFolder } from '@icecore/memory';
import { blindSpots } from './blind-spots.ts';
import { readCgroups } from './cgroups.ts';
import { type ChangedFiles, readChangedFiles } from './changed-files.ts';
import { type HiddenFile, readHiddenFiles } from './content.ts';
import { readRemaps } from './deleted-files.ts';
import { type ContainerIdentity, readIdentity } from './identity.ts';
import { imageReader } from './image-reader.ts';
import type { MachineFacts } from './machine.ts';
import { readMemfds, readSysvSegments, type SysvSegment } from './memfds.ts';
import { type Mount, readMounts } from './mounts.ts';
import { type NamespaceDetails, namespaceIdsOf, type NamespaceIds, readNamespaceDetails } from './namespaces.ts';
import { type Network, readNetwork } from './network.ts';
import { readFileEntries } from './open-files.ts';
import { type PipeData, readPipeData } from './pipes.ts';
import { type Process, readProcesses } from './processes.ts';
import { readProcessTree } from './process-tree.ts';
import { readSeccompFilters, type SeccompFilter } from './seccomp.ts';
import { readSockets, type Socket } from './sockets.ts';

/** The container as it was at the moment of the checkpoint. */
export interface ContainerSnapshot {
  readonly container: ContainerIdentity;
  readonly dump: DumpFacts;
  readonly processes: readonly Process[];
  readonly sockets: readonly Socket[];
  readonly mounts: readonly Mount[];
  readonly network: Network;
  readonly namespaces: NamespaceDetails;
  /** Namespaces of the node, as the dump numbers them. */
  readonly nodeNamespaces: NamespaceIds | undefined;
  readonly seccompFilters: readonly SeccompFilter[];
  readonly pipes: readonly PipeData[];
  readonly sysvSegments: readonly SysvSegment[];
  readonly images: ImageFolder;
  /**
   * What is damaged, missing, or cannot be in an archive of this kind. Grows while more of the snapshot is read: what
   * `hiddenFiles` could not read is here too.
   */
  readonly gaps: readonly Gap[];
  /** Deleted files, memfds and shared segments with their content. */
  hiddenFiles(): Promise<readonly HiddenFile[]>;
  /** Changes to the root file system, and the files of tmpfs, `/dev/shm` and volumes. */
  changedFiles(): Promise<ChangedFiles>;
}

/** The dump itself: how it was made, what it cost the container. */
export interface DumpFacts {
  readonly machine: MachineFacts | undefined;
  /** Times in microseconds. */
  readonly statistics: MessageOf<typeof imageTypes.STATS.message>['dump'];
  /** Bytes of memory pages in the archive. */
  readonly pageBytes: number;
  readonly rootfsBytes: number | undefined;
  readonly imageCount: number;
  /** The dump builds on an earlier one. */
  readonly incremental: boolean;
  readonly lsm: string | undefined;
}

export interface SnapshotOptions extends OpenOptions {
  /** Archives that this one builds on (pre-copy), the nearest first. */
  readonly parents?: readonly CheckpointArchive[];
}

/** Joins the images of an archive. Never rejects for damage: what cannot be had is a gap. */
export async function openSnapshot(archive: CheckpointArchive, options: SnapshotOptions): Promise<ContainerSnapshot> {
  const gaps: Gap[] = [...archive.gaps];
  const folder = folderOf([archive, ...(options.parents ?? [])]);
  const images = imageReader(folder);
  const container = await readIdentity(archive, gaps);
  const inventory = (await images.first('inventory.img', imageTypes.INVENTORY, 'inventory of the dump'))?.message;
  const context = {
    images,
    entries: await readFileEntries(images),
    remaps: await readRemaps(images),
    memfds: await readMemfds(images),
    sysv: await readSysvSegments(images),
    segments: new Map(),
    described: new Map(),
    cgroups: await readCgroups(images),
    rootCgroup: inventory?.root_cg_set,
  };
  const { processes, machine } = await readProcesses(await readProcessTree(images), context);
  const mounts = await readMounts(images);
  const network = await readNetwork(images, archive, container.annotations, gaps);
  const rootfs = archive.entries.get('rootfs-diff.tar');
  const facts = await readDumpFacts(archive, gaps);
  const spots = blindSpots(container.engine, mounts, rootfs !== undefined, network.dumped);
  return {
    container,
    dump: {
      machine,
      ...facts,
      incremental: archive.entries.has(`${archive.imagesPrefix}parent`),
      lsm: inventory?.lsmtype === undefined ? undefined : String(inventory.lsmtype),
    },
    processes,
    sockets: await readSockets(images, context.entries),
    mounts,
    network,
    namespaces: await readNamespaceDetails(images),
    nodeNamespaces: inventory?.root_ids === undefined ? undefined : namespaceIdsOf(inventory.root_ids),
    seccompFilters: await readSeccompFilters(images, machine?.auditArch),
    pipes: await readPipeData(images),
    sysvSegments: context.sysv,
    images: folder,
    get gaps() {
      return [...gaps, ...images.gaps, ...spots];
    },
    hiddenFiles: () => readHiddenFiles(context, processes),
    changedFiles: () => readChangedFiles(archive, mounts, options),
  };
}

function folderOf(chain: readonly CheckpointArchive[]): ImageFolder {
  const [archive, ...parents] = chain;
  const sources = new Map<string, ByteSource>();
  for (const [name, entry] of archive?.images() ?? []) if (entry.type === 'file') sources.set(name, entry.source);
  return imageFolder(sources, parents.length === 0 ? undefined : folderOf(parents));
}

async function readDumpFacts(archive: CheckpointArchive, gaps: Gap[]) {
  const sources = new Map([...archive.entries].filter(([, { type }]) => type === 'file').map(([path, { source }]) => [path, source]));
  const outside = imageReader(imageFolder(sources));
  const path = ['stats-dump', `${archive.imagesPrefix}stats-dump`, `${archive.imagesPrefix}stats-dump.img`].find((each) => sources.has(each));
  const statistics = path === undefined ? undefined : (await outside.first(path, imageTypes.STATS))?.message.dump;
  gaps.push(...outside.gaps);
  let pageBytes = 0;
  for (const [name, { size }] of archive.images()) if (/^pages-\d+\.img$/.test(name)) pageBytes += size;
  return { statistics, pageBytes, rootfsBytes: archive.entries.get('rootfs-diff.tar')?.size, imageCount: archive.images().size };
}
