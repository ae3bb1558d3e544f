import { type ByteSource, memorySource } from '@icecore/bytes';

export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'character_device'
  | 'block_device'
  | 'fifo'
  | 'socket'
  | 'unknown';

/** One member of a tar. */
export interface ArchiveEntry {
  /** Normalised: no leading `./` or `/`, no `..`, no `/` at the end; empty for the root itself. */
  readonly path: string;
  /** As the archive spells it. */
  readonly rawPath: string;
  /** `rawPath` was absolute, climbed out with `..` or holds a NUL: the entry is listed, and nothing may write to it. */
  readonly unsafe: boolean;
  readonly type: EntryType;
  /** Permission bits with set-user-id, set-group-id and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Empty where the archive names none. */
  readonly userName: string;
  readonly groupName: string;
  /** Bytes the entry has by its header; of a sparse file the real size. `source` has less where the archive is cut. */
  readonly size: number;
  /** Seconds since the epoch, may have a fraction, may be negative. */
  readonly modifiedAt: number;
  /** Where a symlink or hardlink points, as the archive spells it. */
  readonly linkTarget: string | undefined;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** Values by full name (`security.capability`). */
  readonly extendedAttributes: ReadonlyMap<string, Uint8Array>;
  /** Offset of the entry's own header in the expanded tar, in bytes; long names and pax records lie before it. */
  readonly headerOffset: number;
  /** The body, holes of sparse files filled with zeros; empty where the type has no body. */
  readonly source: ByteSource;
}

export const emptySource: ByteSource = memorySource(new Uint8Array(0));
export const noAttributes: ReadonlyMap<string, Uint8Array> = new Map();

/** `outer!inner`: how places name an entry of a nested archive. */
export function joinNames(outer: string | undefined, inner: string): string {
  return outer === undefined ? inner : `${outer}!${inner}`;
}
