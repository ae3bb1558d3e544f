import { type ByteSource, DamageError, formatBytes, isDamageError, sliceSource } from '@icecore/bytes';
import { type ArchiveEntry, emptySource, type EntryType, noAttributes } from '../entry.ts';
import { type ArchiveLimits } from '../limits.ts';
import { normalisePath } from '../path.ts';
import { type Attributes } from './attributes.ts';
import { blockBytes } from './checksum.ts';
import { type TarHeader } from './header.ts';
import { type Budget } from './metadata.ts';
import { readGnuSparseMap, readPaxSparseMap, type SparseMap, unfoldSparse } from './sparse.ts';
import { type HeaderWindow } from './window.ts';

/** A sparse run costs some hundred bytes of memory however short it is written. */
const bytesPerRun = 256;

const types: Readonly<Record<string, EntryType>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character_device',
  '4': 'block_device',
  '5': 'directory',
  D: 'directory',
  '6': 'fifo',
  s: 'socket',
};

/** Types whose header is all there is: their size field, if set, counts no bytes of the archive. */
const bodiless = new Set(['1', '2', '3', '4', '5', '6', 's']);

/** Where a member lies and what reads it. */
export interface MemberContext {
  readonly source: ByteSource;
  readonly window: HeaderWindow;
  readonly limits: ArchiveLimits;
  readonly budget: Budget;
  /** Hears of damage that the entry survives: what it is about, and what is wrong. */
  readonly onFault: (path: string, error: DamageError) => void;
}

/** The header of a member, and what the headers before it say of it. */
export interface MemberHeader {
  readonly block: Uint8Array;
  readonly header: TarHeader;
  readonly said: Attributes;
  /** Offset of the header block; the body follows it. */
  readonly offset: number;
}

/** What a header and its body make. */
export interface Member {
  /** Undefined where a limit keeps it from the list. */
  readonly entry: ArchiveEntry | undefined;
  /** Offset of the byte after its body, before padding; may lie past the end of a cut archive. */
  readonly end: number;
}

export async function readMember(context: MemberContext, found: MemberHeader): Promise<Member> {
  const { header, said, offset } = found;
  const { limits, budget, onFault } = context;
  const rawPath = said.sparse?.name ?? said.path ?? header.name;
  const storedBytes = bodiless.has(header.typeflag) ? 0 : (said.size ?? header.size ?? 0);
  const body = await readBody(context, found, rawPath, storedBytes);
  const pathBytes = Buffer.byteLength(rawPath);
  const linkTarget = header.typeflag === '1' || header.typeflag === '2' ? (said.linkPath ?? header.linkName) : undefined;
  budget.charge(pathBytes + (linkTarget?.length ?? 0));
  if (pathBytes > limits.maxPathBytes) {
    onFault(`${rawPath.slice(0, 100)}…`, new DamageError('limit', `its path has ${pathBytes} bytes`, { offset }));
    return { entry: undefined, end: body.end };
  }
  for (const field of header.faults) onFault(rawPath, new DamageError('malformed', `its ${field} is no number`, { offset }));
  const { path, unsafe } = normalisePath(rawPath);
  const type = types[header.typeflag] ?? 'unknown';
  const entry: ArchiveEntry = {
    path,
    rawPath,
    unsafe,
    type: type === 'file' && header.typeflag !== 'S' && rawPath.endsWith('/') ? 'directory' : type,
    mode: header.mode,
    uid: said.uid ?? header.uid,
    gid: said.gid ?? header.gid,
    userName: said.userName ?? header.userName,
    groupName: said.groupName ?? header.groupName,
    size: body.size,
    modifiedAt: said.modifiedAt ?? header.modifiedAt,
    linkTarget,
    deviceMajor: header.deviceMajor,
    deviceMinor: header.deviceMinor,
    extendedAttributes: said.extendedAttributes ?? noAttributes,
    headerOffset: offset,
    source: body.source,
  };
  return { entry, end: body.end };
}

interface Body {
  readonly source: ByteSource;
  readonly size: number;
  readonly end: number;
}

async function readBody(context: MemberContext, found: MemberHeader, path: string, storedBytes: number): Promise<Body> {
  const { source, onFault } = context;
  let map: SparseMap | undefined;
  let damage: DamageError | undefined;
  try {
    map = await readSparseMap(context, found, storedBytes);
    if (map !== undefined) context.budget.charge((map.runs.length / 2) * bytesPerRun);
  } catch (error) {
    if (!isDamageError(error)) throw error;
    damage = error;
  }
  const mapBytes = map?.mapBytes ?? 0;
  const begin = found.offset + blockBytes + mapBytes;
  const runBytes = found.header.typeflag === 'S' ? storedBytes : Math.max(0, storedBytes - mapBytes);
  const end = begin + runBytes;
  const stored = runBytes === 0 ? emptySource : sliceSource(source, Math.min(begin, source.size), Math.min(end, source.size));
  if (stored.size < runBytes) {
    const reason = `the archive ends after ${formatBytes(stored.size)} of ${formatBytes(runBytes)}`;
    onFault(path, new DamageError('truncated', reason, { offset: stored.size }));
  }
  try {
    if (damage !== undefined) throw damage;
    return { source: map === undefined ? stored : unfoldSparse(map, stored, runBytes), size: map?.realSize ?? runBytes, end };
  } catch (error) {
    if (!isDamageError(error)) throw error;
    onFault(path, error);
    const size = map?.realSize ?? found.said.sparse?.realSize ?? runBytes;
    return { source: unreadable(size, error), size, end };
  }
}

async function readSparseMap(context: MemberContext, found: MemberHeader, storedBytes: number): Promise<SparseMap | undefined> {
  const { source, window, limits } = context;
  const { block, header, offset } = found;
  const start = offset + blockBytes;
  const place = { window, start, end: source.size, maxBytes: limits.maxMetadataBytes };
  if (header.typeflag === 'S') return readGnuSparseMap(block, place);
  const { sparse } = found.said;
  if (sparse === undefined || bodiless.has(header.typeflag)) return undefined;
  if (sparse.realSize === undefined) throw new DamageError('malformed', 'the sparse file states no size');
  if (sparse.mapInBody === true) {
    return readPaxSparseMap(sparse.realSize, { ...place, end: Math.min(source.size, start + storedBytes) });
  }
  if (sparse.map === undefined) throw new DamageError('malformed', 'the sparse file has no map');
  return { realSize: sparse.realSize, runs: sparse.map, mapBytes: 0 };
}

/** Bytes that are in the archive and cannot be told apart: reading them gives the damage, not zeros and not nothing. */
function unreadable(size: number, error: DamageError): ByteSource {
  return { size, read: () => Promise.reject(error) };
}
