import { type ByteSource, DamageError, formatBytes, type Gap, gapOf, isDamageError, type Place } from '@icecore/bytes';
import { type ArchiveEntry, joinNames } from '../entry.ts';
import { type GapList, gapList } from '../gap-list.ts';
import { type ArchiveLimits, archiveLimits } from '../limits.ts';
import { blockBytes, isTarHeader, isZeroBlock } from './checksum.ts';
import { parseHeader, type TarHeader } from './header.ts';
import { type Metadata, metadataBudget, tarMetadata } from './metadata.ts';
import { type MemberContext, readMember } from './member.ts';
import { nameHint, scanner, type Scanner } from './resync.ts';
import { HeaderWindow } from './window.ts';

export interface TarIndex {
  /** In the order of the tar; a path may be there more than once. */
  readonly entries: readonly ArchiveEntry[];
  readonly gaps: readonly Gap[];
}

export interface IndexOptions {
  /** What places call the tar; undefined for the archive itself. */
  readonly name?: string;
  readonly limits?: Partial<ArchiveLimits>;
  readonly signal?: AbortSignal;
}

/**
 * Lists a plain tar by its headers: v7, ustar, GNU and pax. Bodies are not read, save for long names, pax records
 * and sparse maps. Damage leaves gaps, and what follows it is found again by the next header with a right
 * checksum; nothing but the signal and failures of the source itself make this reject.
 */
export async function indexTar(source: ByteSource, options: IndexOptions = {}): Promise<TarIndex> {
  const walk = tarWalk(source, options);
  try {
    let position: number | undefined = 0;
    while (position !== undefined) position = await step(walk, position);
  } catch (error) {
    walk.report('the rest of the archive', error);
  }
  reportDoubles(walk);
  return { entries: walk.entries, gaps: walk.gaps.all() };
}

/** What one pass over a tar carries along. */
interface Walk {
  readonly source: ByteSource;
  readonly limits: ArchiveLimits;
  readonly window: HeaderWindow;
  readonly scan: Scanner;
  readonly metadata: Metadata;
  readonly member: MemberContext;
  readonly entries: ArchiveEntry[];
  readonly gaps: GapList;
  readonly name: string | undefined;
  report(subject: string, error: unknown, entry?: string): void;
}

function tarWalk(source: ByteSource, options: IndexOptions): Walk {
  const limits = archiveLimits(options.limits);
  const window = new HeaderWindow(source, options.signal);
  const gaps = gapList(limits.maxGapCount);
  const report = (subject: string, error: unknown, entry?: string): void => {
    const gap = gapOf(subject, error);
    const named = entry ?? options.name;
    const place: Place = named === undefined ? gap.place : { entry: named, ...gap.place };
    gaps.add({ ...gap, place });
  };
  const onFault = (path: string, error: DamageError): void => report(`entry ${path}`, error, joinNames(options.name, path));
  return {
    source,
    limits,
    window,
    scan: scanner(source, window, limits),
    metadata: tarMetadata(),
    member: { source, window, limits, budget: metadataBudget(limits), onFault },
    entries: [],
    gaps,
    name: options.name,
    report,
  };
}

/** Reads what begins at a position; the position after it, or undefined at the end. */
async function step(walk: Walk, position: number): Promise<number | undefined> {
  const { source, window } = walk;
  if (position + blockBytes > source.size) return cutEnd(walk, position);
  const block = window.peek(position, blockBytes) ?? (await window.read(position, blockBytes));
  if (isZeroBlock(block)) return afterZeroBlock(walk, position);
  if (!isTarHeader(block)) return resync(walk, position, 'the header does not match its checksum');
  const header = parseHeader(block);
  if (header.size === undefined) return resync(walk, position, 'the header states no size');
  if (walk.metadata.takes(header.typeflag)) return readMetadata(walk, header, header.size, position);
  if (walk.entries.length >= walk.limits.maxEntryCount) {
    throw new DamageError('limit', `more than ${walk.limits.maxEntryCount} entries`, { offset: position });
  }
  const { entry, end } = await readMember(walk.member, { block, header, said: walk.metadata.take(), offset: position });
  if (entry !== undefined) walk.entries.push(entry);
  if (end > source.size) return undefined;
  return paddedEnd(end);
}

async function readMetadata(walk: Walk, header: TarHeader, size: number, position: number): Promise<number | undefined> {
  const { source, limits, window, metadata } = walk;
  const start = position + blockBytes;
  const onFault = (error: DamageError): void => {
    walk.report('attributes of an entry', new DamageError(error.code, error.reason, { offset: position }));
  };
  walk.member.budget.charge(blockBytes + Math.min(size, limits.maxMetadataBytes));
  if (start + size > source.size) {
    throw new DamageError('truncated', `the archive ends inside a name or attributes of ${formatBytes(size)}`, { offset: position });
  }
  if (size > limits.maxMetadataBytes) {
    onFault(new DamageError('limit', `a name or attributes of ${formatBytes(size)} are not read`));
  } else {
    metadata.add(header.typeflag, size === 0 ? new Uint8Array(0) : await window.read(start, size), onFault);
  }
  return paddedEnd(start + size);
}

/** Two zero blocks end a tar. One alone is the end only where nothing follows. */
async function afterZeroBlock(walk: Walk, position: number): Promise<number | undefined> {
  const next = position + blockBytes;
  if (next + blockBytes <= walk.source.size && !isZeroBlock(await walk.window.read(next, blockBytes))) {
    walk.report('part of the archive', new DamageError('malformed', 'a single block of zeros between entries', { offset: position }));
    return next;
  }
  await reportLeftovers(walk, next);
  return undefined;
}

/** What lies behind the end: zeros are padding; an older and longer file that was overwritten leaves its tail there. */
async function reportLeftovers(walk: Walk, start: number): Promise<void> {
  const subject = 'bytes after the end of the archive';
  try {
    const offset = await walk.scan.nextNonZero(start);
    if (offset === undefined) return;
    const left = formatBytes(walk.source.size - offset);
    const header = await walk.scan.nextHeader(Math.floor(offset / blockBytes) * blockBytes).catch(undefinedAtLimit);
    const hint = header === undefined ? '' : `, with a header of "${nameHint(await walk.window.read(header, blockBytes))}" at ${header}`;
    walk.report(subject, new DamageError('malformed', `${left} that belong to no entry follow the end marker${hint}`, { offset }));
  } catch (error) {
    walk.report(subject, error);
  }
}

async function resync(walk: Walk, position: number, reason: string): Promise<number | undefined> {
  walk.metadata.take();
  const subject = 'part of the archive';
  const next = await walk.scan.nextHeader(position + blockBytes).catch((error: unknown) => {
    walk.report(subject, new DamageError('malformed', reason, { offset: position }));
    throw error;
  });
  const skipped = formatBytes((next ?? walk.source.size) - position);
  const outcome = next === undefined ? `no header follows in the last ${skipped}` : `the next header is ${skipped} further`;
  walk.report(subject, new DamageError('malformed', `${reason}; ${outcome}`, { offset: position }));
  return next;
}

async function cutEnd(walk: Walk, position: number): Promise<undefined> {
  const { source } = walk;
  const rest = position < source.size ? await walk.window.read(position, source.size - position) : new Uint8Array(0);
  const inHeader = rest.some((byte) => byte !== 0);
  if (rest.length > 0 && !inHeader) return;
  const reason = inHeader ? 'the archive ends inside a header' : 'the archive ends without its end marker';
  walk.report('the end of the archive', new DamageError('truncated', reason, { offset: source.size }));
}

function reportDoubles(walk: Walk): void {
  const offsets = new Map<string, number>();
  for (const entry of walk.entries) {
    const before = offsets.get(entry.path);
    offsets.set(entry.path, entry.headerOffset);
    if (before === undefined) continue;
    const reason = `the archive holds this path at ${before} and again at ${entry.headerOffset}`;
    const place = { entry: joinNames(walk.name, entry.rawPath) };
    walk.gaps.add({ code: 'malformed', subject: `entry ${entry.path}`, reason, place });
  }
}

function undefinedAtLimit(error: unknown): undefined {
  if (!isDamageError(error)) throw error;
}

function paddedEnd(end: number): number {
  return Math.ceil(end / blockBytes) * blockBytes;
}
