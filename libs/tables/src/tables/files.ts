import { bytesToHex, gapOf } from '@icecore/bytes';
import { formatMode } from '@icecore/linux';
import { bigint, json, nullable, text, textList, timestamp, type ValuesOf } from '@icecore/lake';
import type { ChangedFile, HiddenFile } from '@icecore/snapshot';
import { maskBytes } from '@icecore/secrets';
import { contentHash } from '../content-hash.ts';
import { type Filling, filledTable } from '../filled-table.ts';
import { moment, sortedBy, whole } from '../values.ts';

const columns = {
  path: text('Path in the container; for what has no path the name that /proc shows.'),
  origin: text('Where it was found: rootfs, tmpfs, shm or volume; or deleted, memfd, shared_memory or sysv for what no file system holds.'),
  source: text('Archive within the archive, or CRIU image, that it is from.'),
  change: text('present: it was added or changed; deleted: an image layer had it; opaque: hides what the layers have; hidden: no path leads to it.'),
  type: nullable(text('Kind of file: file, directory, symlink and others; NULL for what is deleted.')),
  size: nullable(bigint('Size, in bytes; NULL for what is deleted.')),
  mode: nullable(bigint('Type and permission bits; NULL where not known.')),
  mode_text: nullable(text('Type and permissions as ls(1) shows them; NULL where not known.')),
  uid: nullable(bigint('Owner; NULL where not known.')),
  gid: nullable(bigint('Group; NULL where not known.')),
  modified_at: nullable(timestamp('When the content was last modified, in UTC; NULL where not known.')),
  sha256: nullable(text('SHA-256 of the content, in lower-case hex; NULL where there is none or it cannot be read, which a gap tells.')),
  link_target: nullable(text('Where a link points; NULL for what is no link.')),
  device: nullable(text('Device of a device file as major:minor; NULL for other files.')),
  extended_attributes: nullable(json('Extended attributes by name, values in hex, an asterisk (2a) for each byte of a secret; NULL where not captured.')),
  owners: textList('Who held a hidden file open or mapped, for example: pid 7 fd 3. Empty where nobody did.'),
};
type Row = ValuesOf<typeof columns>;

export const files = filledTable(
  {
    name: 'files',
    description: 'One file that the archive holds or that was deleted: changes to the root file system, files in memory, hidden files.',
    version: 1,
    columns,
    sortBy: ['path'],
  },
  async function* (from: Filling): AsyncIterable<Row> {
    const changed = await from.snapshot.changedFiles();
    from.gaps.push(...changed.gaps);
    const found = [
      ...changed.files.map((file) => ({ path: from.redaction.text(file.path), row: () => changedRow(file, from) })),
      ...(await hiddenFiles(from)).map((file) => ({ path: from.redaction.text(file.path), row: () => hiddenRow(file, from) })),
    ];
    for (const { row } of sortedBy(found, ({ path }) => path)) yield await row();
  },
);

async function hiddenFiles({ snapshot, gaps }: Filling): Promise<readonly HiddenFile[]> {
  try {
    return await snapshot.hiddenFiles();
  } catch (error) {
    gaps.push(gapOf('hidden files', error));
    return [];
  }
}

async function changedRow({ path, origin, kind, change, entry }: ChangedFile, from: Filling): Promise<Row> {
  const row = { path, origin: kind, source: origin, change, owners: [] };
  if (entry === undefined) return { ...row, ...unknown };
  const { type, size, uid, gid, linkTarget, extendedAttributes } = entry;
  const mode = (typeBits[type] ?? 0) | entry.mode;
  const content = { subject: path, source: entry.source, size, place: { entry: `${origin}!${entry.path}` } };
  return {
    ...row,
    type,
    size: whole(size),
    mode: whole(mode),
    mode_text: formatMode(mode),
    uid: whole(uid),
    gid: whole(gid),
    modified_at: moment(entry.modifiedAt),
    sha256: type === 'file' ? await contentHash(content, from) : null,
    link_target: linkTarget ?? null,
    device: type === 'character_device' || type === 'block_device' ? `${entry.deviceMajor}:${entry.deviceMinor}` : null,
    extended_attributes: Object.fromEntries([...extendedAttributes].map(([name, value]) => [name, bytesToHex(maskBytes(value))])),
  };
}

async function hiddenRow({ path, kind, size, mode, uid, gid, modifiedAt, owners, source, place }: HiddenFile, from: Filling): Promise<Row> {
  return {
    ...unknown,
    path,
    origin: kind,
    source: place.image ?? place.entry ?? '',
    change: 'hidden',
    type: 'file',
    size: whole(size),
    mode: whole(mode),
    mode_text: mode === undefined ? null : formatMode(mode),
    uid: whole(uid),
    gid: whole(gid),
    modified_at: moment(modifiedAt),
    sha256: await contentHash({ subject: path, source, place }, from),
    owners: owners.map(({ pid, as }) => `pid ${pid} ${as}`),
  };
}

const unknown = {
  type: null,
  size: null,
  mode: null,
  mode_text: null,
  uid: null,
  gid: null,
  modified_at: null,
  sha256: null,
  link_target: null,
  device: null,
  extended_attributes: null,
};

/** S_IFMT bits of the kinds of tar entries. */
const typeBits: Readonly<Partial<Record<string, number>>> = {
  file: 0o100000,
  hardlink: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  character_device: 0o020000,
  block_device: 0o060000,
  fifo: 0o010000,
  socket: 0o140000,
};
