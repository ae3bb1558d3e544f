import { Readable } from 'node:stream';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { Compression, Spool } from '@icecore/archive';
import { type ByteSource, DamageError, readPieces } from '@icecore/bytes';
import type { Edit } from './removed.ts';
import { type NestedDocument, regionAt, type TarDocument } from './tar-document.ts';

const blockBytes = 512;
const pieceBytes = 1 << 20;

/** Bytes that take the place of what is removed. */
export const fills = { bytes: 0, text: 0x2a, base64: 0x41 } as const;

/**
 * The plain tar of a document with the edits done, in pieces. Zeros take the place of bytes; in JSON and in the tar's own names stand
 * asterisks (an `A` in base64 of JSON), so that they stay what they are. Tars within that have edits are compressed anew.
 */
export async function* rewritten(document: TarDocument, edits: ReadonlyMap<string, readonly Edit[]>, spool: Spool): AsyncGenerator<Uint8Array> {
  const own = edits.get(document.name) ?? [];
  let position = 0;
  for (const nested of [...document.nested].sort((a, b) => a.outer.headerOffset - b.outer.headerOffset)) {
    if (!hasEdits(nested, edits)) continue;
    const body = await packed(nested, edits, spool);
    const { headerOffset, size } = nested.outer;
    const bodyOffset = headerOffset + blockBytes;
    yield* edited(document, own, position, headerOffset);
    yield await resized(document, own, nested, body.size);
    yield* readPieces(body);
    yield new Uint8Array((blockBytes - (body.size % blockBytes)) % blockBytes);
    position = bodyOffset + Math.ceil(size / blockBytes) * blockBytes;
  }
  yield* edited(document, own, position, document.source.size);
}

function hasEdits(document: TarDocument, edits: ReadonlyMap<string, readonly Edit[]>): boolean {
  return (edits.get(document.name)?.length ?? 0) > 0 || document.nested.some((each) => hasEdits(each, edits));
}

/** A tar within, edited and compressed as it was. */
async function packed(nested: NestedDocument, edits: ReadonlyMap<string, readonly Edit[]>, spool: Spool): Promise<ByteSource> {
  const file = await spool.create();
  for await (const piece of compressed(rewritten(nested, edits, spool), nested.compression, nested.name)) await file.write(piece);
  return file.finish();
}

/** Pieces, compressed. Throws a `DamageError` (`unsupported`) for kinds that icecore only reads. */
export function compressed(pieces: AsyncIterable<Uint8Array>, compression: Compression, entry?: string): AsyncIterable<Uint8Array> {
  if (compression === 'none') return pieces;
  if (compression !== 'gzip' && compression !== 'zstd') throw new DamageError('unsupported', `icecore does not write ${compression}: decompress the archive first`, entry === undefined ? {} : { entry });
  const engine = compression === 'gzip' ? createGzip({ level: 6 }) : createZstdCompress();
  const source = Readable.from(pieces, { objectMode: false });
  source.on('error', (error) => engine.destroy(error));
  return source.pipe(engine);
}

/** The header of a tar within, whose compressed size is another now. */
async function resized(document: TarDocument, edits: readonly Edit[], { outer, name }: NestedDocument, size: number): Promise<Uint8Array> {
  const before = await document.source.read(outer.headerOffset, outer.headerOffset + blockBytes);
  const stated = Number.parseInt(Buffer.from(before.subarray(124, 136)).toString('latin1').replace(/[\0 ]/g, ''), 8);
  if (stated !== outer.size || size > 0o77777777777) throw new DamageError('unsupported', 'its size is not in its header, and cannot be changed', { entry: name });
  const header = Buffer.from(await joined(edited(document, edits, outer.headerOffset, outer.headerOffset + blockBytes)));
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  return withChecksum(header);
}

/** The bytes [from, to) with the edits done. `from` is at a block of the tar, so that no header is cut. */
async function* edited(document: TarDocument, edits: readonly Edit[], from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let start = from; start < to; start += pieceBytes) {
    const end = Math.min(to, start + pieceBytes);
    const touching = editsWithin(edits, start, end);
    const bytes = await document.source.read(start, end);
    if (touching.length === 0) {
      yield bytes;
      continue;
    }
    const target = Buffer.from(bytes);
    const headers = new Set<number>();
    for (const edit of touching) overwrite(document, edit, target, start, headers);
    for (const header of headers) withChecksum(target.subarray(header - start, header - start + blockBytes));
    yield target;
  }
}

/** Edits are sorted by their start; `longest` bounds how far back one may begin that reaches in. */
function editsWithin(edits: readonly Edit[], start: number, end: number): readonly Edit[] {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edits[middle]?.start ?? 0) < end) low = middle + 1;
    else high = middle;
  }
  const found: Edit[] = [];
  for (let i = low - 1; i >= 0; i--) {
    const edit = edits[i];
    if (edit === undefined || edit.start + longestEdit(edits) <= start) break;
    if (edit.end > start) found.push(edit);
  }
  return found;
}

const longestOf = new WeakMap<readonly Edit[], number>();

function longestEdit(edits: readonly Edit[]): number {
  const known = longestOf.get(edits);
  if (known !== undefined) return known;
  const longest = edits.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  longestOf.set(edits, longest);
  return longest;
}

/** Overwrites an edit's bytes as far as they lie in the target; each part by what kind of region it is in. */
function overwrite({ regions }: TarDocument, edit: Edit, target: Uint8Array, offset: number, headers: Set<number>): void {
  const stop = Math.min(edit.end, offset + target.length);
  for (let at = Math.max(edit.start, offset); at < stop; ) {
    const region = regionAt(regions, at);
    const end = Math.min(stop, region?.end ?? nextStart(regions, at));
    if (region?.kind !== 'compressed') {
      const fill = region?.kind === 'bytes' ? fills.bytes : region?.kind === 'json' && edit.form === 'base64' ? fills.base64 : fills.text;
      target.fill(fill, at - offset, end - offset);
    }
    if (region?.kind === 'header') headers.add(region.start);
    at = end;
  }
}

function nextStart(regions: TarDocument['regions'], at: number): number {
  return regions.find(({ start }) => start > at)?.start ?? Number.MAX_SAFE_INTEGER;
}

/** Makes a header's checksum right again (POSIX, ustar: the sum of its bytes, the checksum's own as blanks). */
export function withChecksum(block: Buffer): Buffer {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
