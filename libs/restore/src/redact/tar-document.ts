import { type ArchiveEntry, type Compression, expand, indexTar, type Spool } from '@icecore/archive';
import { type ByteSource, DamageError } from '@icecore/bytes';

/** What a run of bytes in a tar is. */
export interface TarRegion {
  readonly start: number;
  readonly end: number;
  /**
   * - `bytes`: content that may hold anything. - `json`: content that must stay JSON.
   * - `header`: a header block, whose checksum must stay right. - `compressed`: a tar within, which is looked into by itself.
   */
  readonly kind: 'bytes' | 'json' | 'header' | 'compressed';
  /** Path of the entry; `outer!inner` in a tar within. */
  readonly entry: string;
}

/** A plain tar that is looked through and rewritten: the archive itself, or a compressed tar within it. */
export interface TarDocument {
  /** Empty for the archive itself, else the path of the entry. */
  readonly name: string;
  readonly source: ByteSource;
  /** In order, without overlaps. What lies between (names too long for a header, pax records, padding) is text of the tar itself. */
  readonly regions: readonly TarRegion[];
  readonly entries: readonly ArchiveEntry[];
  /** Entries that are compressed tars. */
  readonly nested: readonly NestedDocument[];
}

export interface NestedDocument extends TarDocument {
  readonly compression: Exclude<Compression, 'none'>;
  /** The entry in the outer tar, where its compressed bytes are. */
  readonly outer: ArchiveEntry;
}

const blockBytes = 512;
const maxDepth = 3;

/** Metadata that engines write as JSON. */
const jsonEntry = /^(?:[^/]+\/)?(?:config\.dump|spec\.dump|status\.dump|status|network\.status|deleted\.files|bind\.mounts|pod\.(?:options|dump)|checkpoint\/descriptors\.json)$/;
/** Tars within an archive, by the names that engines and CRIU give them. */
const nestedTar = /^(?:[^/]+\/)?(?:rootfs-diff\.tar|devshm-checkpoint\.tar|volumes\/.+\.tar|(?:.*\/)?tmpfs-(?:dev-)?\d+\.tar\.gz\.img)$/;

/** Lists a plain tar, and the tars within it. Rejects with a `DamageError` where it is damaged: what cannot be told apart cannot be removed. */
export async function tarDocument(source: ByteSource, spool: Spool, name = '', depth = 0): Promise<TarDocument> {
  const { entries, gaps } = await indexTar(source, name === '' ? {} : { name });
  const [gap] = gaps;
  if (gap !== undefined) throw new DamageError(gap.code === 'not_captured' ? 'missing' : gap.code, `cannot be redacted, for it is not whole: ${gap.reason}`, gap.place);
  const regions: TarRegion[] = [];
  const nested: NestedDocument[] = [];
  for (const [i, entry] of entries.entries()) {
    const path = name === '' ? entry.path : `${name}!${entry.path}`;
    const start = entry.headerOffset + blockBytes;
    regions.push({ start: entry.headerOffset, end: start, kind: 'header', entry: path });
    if (entry.type !== 'file' || entry.size === 0) continue;
    // The stored bytes of a sparse file are fewer than its size; the next header ends them in any case.
    const end = Math.min(start + entry.size, entries[i + 1]?.headerOffset ?? source.size, source.size);
    const inner = nestedTar.test(entry.path) && depth < maxDepth ? await innerDocument(entry, spool, path, depth + 1) : undefined;
    if (inner === undefined) {
      regions.push({ start, end, kind: name === '' && jsonEntry.test(entry.path) ? 'json' : 'bytes', entry: path });
    } else if (isNested(inner)) {
      regions.push({ start, end, kind: 'compressed', entry: path });
      nested.push(inner);
    } else {
      regions.push(...inner.regions.map((region) => ({ ...region, start: start + region.start, end: start + region.end })));
      nested.push(...inner.nested.map((each) => ({ ...each, outer: { ...each.outer, headerOffset: start + each.outer.headerOffset } })));
    }
  }
  return { name, source, regions, entries, nested };
}

/** A tar within, opened. */
async function innerDocument(entry: ArchiveEntry, spool: Spool, path: string, depth: number): Promise<TarDocument | NestedDocument> {
  const { compression, source, gaps } = await expand(entry.source, { spool, name: path });
  const [gap] = gaps;
  if (gap !== undefined) throw new DamageError('malformed', `cannot be redacted, for it is not whole: ${gap.reason}`, gap.place);
  const document = await tarDocument(source, spool, path, depth);
  return compression === 'none' ? document : { ...document, compression, outer: entry };
}

function isNested(document: TarDocument | NestedDocument): document is NestedDocument {
  return 'outer' in document;
}

/** The region that holds an offset; undefined between regions. */
export function regionAt(regions: readonly TarRegion[], offset: number): TarRegion | undefined {
  let low = 0;
  let high = regions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((regions[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const found = regions[low];
  return found !== undefined && found.start <= offset ? found : undefined;
}

/** A document and all within it. */
export function* allDocuments(document: TarDocument): Generator<TarDocument> {
  yield document;
  for (const each of document.nested) yield* allDocuments(each);
}
