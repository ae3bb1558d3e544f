import type { Gap } from '@icecore/bytes';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { type CheckpointName, compareContainers, nameOf } from './container.ts';
import { isComparable, missingMounts, missingOpenFiles, missingProcesses } from './completeness.ts';
import { compareDescriptors, type DescriptorTableChange } from './descriptors.ts';
import { compareEnvironments, type EnvironmentChange } from './environment.ts';
import type { FieldChange } from './fields.ts';
import { compareFiles, type FileChange, type FileName } from './files.ts';
import { compareMappings, type MemoryMapChange } from './mappings.ts';
import { comparePages, type ProcessPages } from './memory-pages.ts';
import { compareMounts, type MountChange, type MountName } from './mounts.ts';
import { compareNetworks, type NetworkDifference } from './network.ts';
import type { NotCompared } from './not-compared.ts';
import type { Changes } from './pairing.ts';
import { compareProcesses, matchProcesses, type ProcessChange, type ProcessName } from './processes.ts';
import { compareSockets, type SocketChange, type SocketName } from './sockets.ts';

/**
 * What changed from one checkpoint to another. Plain JSON; the same two checkpoints always give the same text.
 * The parts about a single process speak of processes that both checkpoints have.
 */
export interface SnapshotDifference {
  readonly before: CheckpointName;
  readonly after: CheckpointName;
  readonly container: readonly FieldChange[];
  readonly processes: Changes<ProcessName, ProcessChange>;
  readonly environments: readonly EnvironmentChange[];
  readonly descriptors: readonly DescriptorTableChange[];
  readonly sockets: Changes<SocketName, SocketChange>;
  readonly mappings: readonly MemoryMapChange[];
  /** Every process that was compared, also where all pages are equal; null where memory was not asked for. */
  readonly pages: readonly ProcessPages[] | null;
  /** Null where files were not asked for. */
  readonly changedFiles: Changes<FileName, FileChange> | null;
  readonly hiddenFiles: Changes<FileName, FileChange> | null;
  readonly mounts: Changes<MountName, MountChange>;
  readonly network: NetworkDifference;
  /** Of what the archives should tell and do not, on either side, and so is in no other part. */
  readonly notCompared: readonly NotCompared[];
  /** What is missing from either checkpoint. What a damaged image of one side would list can look added or removed. */
  readonly gaps: { readonly before: readonly Gap[]; readonly after: readonly Gap[] };
}

export interface CompareOptions {
  /** Compare memory page by page, which reads all of it. Default true. */
  readonly memory?: boolean;
  /** Compare the files that the archives hold, which hashes all of them. Default true. */
  readonly files?: boolean;
  readonly signal?: AbortSignal;
}

/** Compares two checkpoints. Damage never rejects, it is in `gaps` and `notCompared`; an abort rejects with its reason. */
export async function compareSnapshots(before: ContainerSnapshot, after: ContainerSnapshot, options: CompareOptions = {}): Promise<SnapshotDifference> {
  const { memory = true, files = true, signal } = options;
  signal?.throwIfAborted();
  const notCompared: NotCompared[] = [];
  const both = (subject: string, missing: typeof missingProcesses): boolean => isComparable(subject, missing, before, after, notCompared);
  const matched = both('processes', missingProcesses) ? matchProcesses(before.processes, after.processes) : matchProcesses([], []);
  const openFiles = both('descriptors, sockets and hidden files', missingOpenFiles);
  const mounts = both('mounts', missingMounts);
  const processes = compareProcesses(matched, before, after, notCompared);
  const environments = compareEnvironments(matched, notCompared);
  const network = compareNetworks(before, after, notCompared);
  const pages = memory ? await comparePages(matched, notCompared, signal) : null;
  const held = files ? await compareFiles(before, after, notCompared, signal) : null;
  return {
    before: nameOf(before),
    after: nameOf(after),
    container: compareContainers(before, after),
    processes,
    environments,
    descriptors: openFiles ? compareDescriptors(matched, before, after, notCompared) : [],
    sockets: openFiles ? compareSockets(before.sockets, after.sockets) : noChanges,
    mappings: compareMappings(matched, notCompared),
    pages,
    changedFiles: held === null ? null : held.changedFiles,
    hiddenFiles: held === null ? null : openFiles ? held.hiddenFiles : noChanges,
    mounts: mounts ? compareMounts(before.mounts, after.mounts) : noChanges,
    network,
    notCompared: sorted(notCompared),
    gaps: { before: [...before.gaps, ...(held?.gaps.before ?? [])], after: [...after.gaps, ...(held?.gaps.after ?? [])] },
  };
}

const noChanges: Changes<never, never> = { added: [], removed: [], changed: [] };

/** By what they are about; what both sides lack, `before` first. */
function sorted(notices: readonly NotCompared[]): NotCompared[] {
  const rank = { both: 0, before: 1, after: 2 };
  return notices.toSorted((a, b) => a.subject.localeCompare(b.subject, 'en', { numeric: true }) || rank[a.side] - rank[b.side]);
}
