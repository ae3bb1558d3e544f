import { bytesToHex, type Gap } from '@icecore/bytes';
import type { ChangedFile, ContainerSnapshot, HiddenFile } from '@icecore/snapshot';
import { isComparable, type Missing, missingMounts } from './completeness.ts';
import { type Digester, digester } from './content-digest.ts';
import { compareFields, type FieldChange, type Fields, inOrder } from './fields.ts';
import type { NotCompared } from './not-compared.ts';
import { type Changes, inTextOrder, type KeyOf, pairUp } from './pairing.ts';

/** A file that only one of the checkpoints holds. What the image has and nobody touched, neither does. */
export interface FileName {
  readonly kind: ChangedFile['kind'] | HiddenFile['kind'];
  readonly path: string;
  /** What the checkpoint holds: the file, or word that it was deleted or that a directory hides what lies below. */
  readonly change: ChangedFile['change'];
  /** Bytes; null for what was deleted. */
  readonly size: number | null;
  /** SHA-256 of the content as hex; null where there is none, or it cannot be read. */
  readonly sha256: string | null;
}

export interface FileChange {
  readonly kind: FileName['kind'];
  readonly path: string;
  readonly fields: readonly FieldChange[];
}

export interface FilesDifference {
  /** Changes to the root file system, files of tmpfs, `/dev/shm` and volumes. */
  readonly changedFiles: Changes<FileName, FileChange>;
  /** Deleted files, memfds and shared segments. */
  readonly hiddenFiles: Changes<FileName, FileChange>;
  /** What is wrong with the archives within the archives. */
  readonly gaps: { readonly before: readonly Gap[]; readonly after: readonly Gap[] };
}

export async function compareFiles(before: ContainerSnapshot, after: ContainerSnapshot, notCompared: NotCompared[], signal?: AbortSignal): Promise<FilesDifference> {
  const was = await readSide('before', before, notCompared, signal);
  const is = await readSide('after', after, notCompared, signal);
  const holds = (snapshot: ContainerSnapshot, kind: FileName['kind']): boolean => (snapshot === before ? was : is).changed.some(({ name }) => name.kind === kind);
  const missingRoot: Missing = (snapshot) => (snapshot.dump.rootfsBytes !== undefined || holds(snapshot, 'rootfs') ? undefined : 'the archive has no rootfs-diff.tar');
  // A dump takes the files of tmpfs along with its mounts.
  const missingTmpfs: Missing = (snapshot) => (holds(snapshot, 'tmpfs') ? undefined : missingMounts(snapshot));
  const left = new Set<FileName['kind']>();
  if (!isComparable('changes to the root file system', missingRoot, before, after, notCompared)) left.add('rootfs');
  if (!isComparable('files of tmpfs', missingTmpfs, before, after, notCompared)) left.add('tmpfs');
  const compared = (files: readonly Described[]): readonly Described[] => files.filter(({ name }) => !left.has(name.kind));
  return {
    changedFiles: compareLists(compared(was.changed), compared(is.changed), [({ name }) => JSON.stringify([name.kind, name.path])]),
    hiddenFiles: compareLists(was.hidden, is.hidden, [({ name, image }) => JSON.stringify([name.kind, name.path, image]), ({ name }) => JSON.stringify([name.kind, name.path])]),
    gaps: { before: was.gaps, after: is.gaps },
  };
}

/** A file with all that is compared of it. */
interface Described {
  readonly name: FileName;
  readonly fields: Fields;
  /** Image of the content, where the file has one of its own. */
  readonly image: string;
}

async function readSide(side: 'before' | 'after', snapshot: ContainerSnapshot, notCompared: NotCompared[], signal?: AbortSignal) {
  const digests = digester(signal);
  const unread: NotCompared[] = [];
  const told = (gap: Gap): void => void unread.push({ side, subject: gap.subject, reason: gap.reason });
  const { files, gaps } = await snapshot.changedFiles();
  const changed: Described[] = [];
  for (const file of files) changed.push(await describeChanged(file, digests, told));
  const hidden: Described[] = [];
  for (const file of await snapshot.hiddenFiles()) hidden.push(await describeHidden(file, digests, told));
  for (const notice of unread) notCompared.push(notice);
  return { changed, hidden, gaps };
}

async function describeChanged({ kind, path, change, entry }: ChangedFile, digests: Digester, told: (gap: Gap) => void): Promise<Described> {
  if (entry === undefined) return { name: { kind, path, change, size: null, sha256: null }, fields: { change }, image: '' };
  const { type, mode, uid, gid, size, linkTarget, deviceMajor, deviceMinor, extendedAttributes } = entry;
  const subject = `content of ${path}`;
  const cut = entry.source.size < size;
  const digest = type !== 'file' ? null : cut ? undefined : await known(digests.digest(subject, entry.source), told);
  if (type === 'file' && cut) told({ code: 'truncated', subject, reason: `the archive has ${entry.source.size} of ${size} bytes`, place: {} });
  const attributes = [...extendedAttributes].map(([name, value]) => `${name}=${bytesToHex(value)}`).sort(inOrder);
  return {
    name: { kind, path, change, size, sha256: digest ?? null },
    fields: { change, type, mode, uid, gid, size, sha256: digest, linkTarget: linkTarget ?? null, deviceMajor, deviceMinor, extendedAttributes: attributes },
    image: '',
  };
}

async function describeHidden({ kind, path, size, uid, gid, mode, owners, source, place }: HiddenFile, digests: Digester, told: (gap: Gap) => void): Promise<Described> {
  const digest = await known(digests.digest(`content of ${path}`, source), told);
  return {
    name: { kind, path, change: 'present', size, sha256: digest ?? null },
    fields: { mode: mode ?? null, uid: uid ?? null, gid: gid ?? null, size, sha256: digest, owners: owners.map(({ pid, as }) => `pid ${pid} ${as}`) },
    image: place.image ?? '',
  };
}

async function known(digest: Promise<string | Gap>, told: (gap: Gap) => void): Promise<string | undefined> {
  const found = await digest;
  if (typeof found === 'string') return found;
  told(found);
  return undefined;
}

function compareLists(before: readonly Described[], after: readonly Described[], keys: readonly KeyOf<Described>[]): Changes<FileName, FileChange> {
  const { pairs, added, removed } = pairUp(before, after, keys);
  const byPath = (a: { kind: string; path: string }, b: { kind: string; path: string }): number => inOrder(a.path, b.path) || inOrder(a.kind, b.kind);
  const names = (files: readonly Described[]): FileName[] => files.map(({ name }) => name).sort((a, b) => byPath(a, b) || inTextOrder(a, b));
  return {
    added: names(added),
    removed: names(removed),
    changed: pairs
      .map(([was, is]) => ({ kind: was.name.kind, path: was.name.path, fields: compareFields(was.fields, is.fields) }))
      .filter(({ fields }) => fields.length > 0)
      .sort(byPath),
  };
}
