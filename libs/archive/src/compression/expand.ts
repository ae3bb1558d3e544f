import { type ByteSource, DamageError, formatBytes, type Gap, gapOf, isDamageError } from '@icecore/bytes';
import { type ArchiveLimits, archiveLimits } from '../limits.ts';
import { type Spool } from '../spool.ts';
import { type Compression, describeMagic, detectCompression, headBytes } from './magic.ts';

export interface ExpandOptions {
  readonly spool: Spool;
  readonly limits?: Partial<ArchiveLimits>;
  readonly signal?: AbortSignal;
  /** Told as compressed bytes are read: how many so far, of how many. */
  readonly onProgress?: (readBytes: number, totalBytes: number) => void;
  /** What places call the source; undefined for the archive itself. */
  readonly name?: string;
}

export interface Expanded {
  readonly compression: Compression;
  readonly source: ByteSource;
  /** Damage and limits met on the way: what came out before is in `source`. */
  readonly gaps: Gap[];
}

/** What `release` gives back to the spool cannot be read any more. */
export interface ReleasableExpanded extends Expanded {
  readonly release: () => Promise<void>;
}

type Decompress = (source: ByteSource, limits: ArchiveLimits) => AsyncGenerator<Uint8Array>;

/** Loaded when they are needed: most archives of a cluster are plain, and a triage of those should start at once. */
const decompressors: Readonly<Record<Exclude<Compression, 'none'>, () => Promise<Decompress>>> = {
  gzip: async () => (await import('./gzip.ts')).gunzip,
  zstd: async () => (await import('./zstd.ts')).unzstd,
  xz: async () => (await import('./xz.ts')).unxz,
  bzip2: async () => (await import('./bzip2.ts')).bunzip2,
};

/**
 * Plain bytes of a possibly compressed tar: the same source if it is plain, else spooled. Rejects with a
 * `DamageError` where the source is empty or nothing known, or where nothing at all comes out of it.
 */
export async function expand(source: ByteSource, options: ExpandOptions): Promise<Expanded> {
  const { compression, source: plain, gaps } = await expandReleasably(source, options);
  return { compression, source: plain, gaps };
}

/** The same, with a way to give the spooled bytes back before the process ends. */
export async function expandReleasably(source: ByteSource, options: ExpandOptions): Promise<ReleasableExpanded> {
  options.signal?.throwIfAborted();
  const head = await source.read(0, Math.min(headBytes, source.size));
  const place = { ...(options.name === undefined ? {} : { entry: options.name }), offset: 0 };
  if (head.length === 0) throw new DamageError('truncated', 'the archive is empty', place);
  const compression = detectCompression(head);
  if (compression === undefined) {
    throw new DamageError('malformed', `neither a tar nor a known compression begins with ${describeMagic(head)}`, place);
  }
  if (compression === 'none') return { compression, source, gaps: [], release: () => Promise.resolve() };
  const limits = archiveLimits(options.limits);
  const chunks = (await decompressors[compression]())(watched(source, options), limits);
  const file = await options.spool.create();
  try {
    const damage = await pour(capped(chunks, source.size, limits), (chunk) => file.write(chunk));
    const expanded = await file.finish();
    const error = damage === undefined ? undefined : inside(damage, options.name);
    if (error !== undefined && expanded.size === 0) throw error;
    const gaps = error === undefined ? [] : [gapOf(`${compression} data after the first ${formatBytes(expanded.size)}`, error)];
    return { compression, source: expanded, gaps, release: () => file.discard() };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Writes all chunks; the damage that ended them, if any. What goes wrong while writing is thrown. */
async function pour(chunks: AsyncGenerator<Uint8Array>, write: (chunk: Uint8Array) => Promise<void>): Promise<DamageError | undefined> {
  try {
    for (;;) {
      const step = await nextOrDamage(chunks);
      if (step instanceof Error) return step;
      if (step.done === true) return undefined;
      await write(step.value);
    }
  } finally {
    await chunks.return(undefined);
  }
}

async function nextOrDamage(chunks: AsyncGenerator<Uint8Array, void>): Promise<IteratorResult<Uint8Array, void> | DamageError> {
  try {
    return await chunks.next();
  } catch (error) {
    if (!isDamageError(error)) throw error;
    return error;
  }
}

/** Ends with a `limit` where the chunks pass what `compressedBytes` may expand to; chunks up to there are given. */
async function* capped(chunks: AsyncGenerator<Uint8Array>, compressedBytes: number, limits: ArchiveLimits): AsyncGenerator<Uint8Array> {
  const { maxExpandedBytes, maxExpansionRatio, freeExpandedBytes } = limits;
  const byRatio = Math.max(freeExpandedBytes, compressedBytes * maxExpansionRatio);
  const most = Math.min(maxExpandedBytes, byRatio);
  let total = 0;
  for await (const chunk of chunks) {
    if (total + chunk.length <= most) {
      total += chunk.length;
      yield chunk;
      continue;
    }
    yield chunk.subarray(0, most - total);
    const limit = byRatio < maxExpandedBytes ? `${maxExpansionRatio} times its size` : formatBytes(maxExpandedBytes);
    throw new DamageError('limit', `the archive expands to more than ${limit}`);
  }
}

/** The source with an eye on it: each read obeys the signal and tells the progress. */
function watched(source: ByteSource, { signal, onProgress }: ExpandOptions): ByteSource {
  let furthest = 0;
  return {
    size: source.size,
    async read(start, end) {
      signal?.throwIfAborted();
      const bytes = await source.read(start, end);
      if (end > furthest) onProgress?.((furthest = end), source.size);
      return bytes;
    },
  };
}

function inside(error: DamageError, name: string | undefined): DamageError {
  if (name === undefined) return error;
  return new DamageError(error.code, error.reason, { entry: name, ...error.place }, { cause: error });
}
