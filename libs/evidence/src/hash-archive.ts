import { createHash } from 'node:crypto';
import { type ByteSource, readInto } from '@icecore/bytes';
import { crc64Nvme } from './crc64-nvme.ts';
import { type Fingerprint, hashPieces } from './hashing.ts';
import type { ManifestEntry } from './manifest.ts';

/** An entry of an archive as `@icecore/archive` lists it. */
export interface ContainedEntry {
  readonly rawPath: string;
  readonly type: string;
  readonly source: ByteSource;
}

/** An archive's hashes: of the whole and of each entry. */
export interface HashedArchive {
  readonly whole: Fingerprint;
  /** In the archive's order, up to the first that could not be read. */
  readonly entries: readonly ManifestEntry[];
  /** What the entry threw that could not be read. */
  readonly damage: unknown;
}

/** An archive that hashes itself while its entries are read. */
export interface HashingSource extends ByteSource {
  /**
   * Hashes all of the archive, and its entries: where they were opened over this source, from the same reads, so that every
   * byte of a plain archive is read once. What was found is kept: asked again, it is told again.
   */
  hash(entries: Iterable<ContainedEntry>, onProgress?: (doneBytes: number) => void): Promise<HashedArchive>;
}

const pieceBytes = 1 << 20;

export function isHashingSource(source: ByteSource): source is HashingSource {
  return 'hash' in source && typeof source.hash === 'function';
}

/** A source that can be opened as an archive first and hashed then. */
export function hashingSource(inner: ByteSource): HashingSource {
  let frontier: Frontier | undefined;
  let found: Promise<HashedArchive> | undefined;
  const source: HashingSource = {
    size: inner.size,
    async read(start, end) {
      await frontier?.reach(start);
      const bytes = await inner.read(start, end);
      frontier?.pass(bytes, start);
      return bytes;
    },
    async readInto(target, start) {
      await frontier?.reach(start);
      await readInto(inner, target, start);
      frontier?.pass(target, start);
    },
    hash(entries, onProgress) {
      found ??= (async () => {
        frontier = hashingFrontier(inner, onProgress);
        const hashed = await hashEntries(entries);
        await frontier.reach(inner.size);
        const whole = frontier.digest();
        frontier = undefined;
        return { whole, ...hashed };
      })();
      return found;
    },
  };
  return source;
}

/** The hashes of an archive, in one pass where it is a `HashingSource` that its entries were opened over. */
export function hashArchive(archive: ByteSource, entries: Iterable<ContainedEntry>, onProgress?: (doneBytes: number) => void): Promise<HashedArchive> {
  return (isHashingSource(archive) ? archive : hashingSource(archive)).hash(entries, onProgress);
}

/** How far the whole was hashed. Bytes before it were seen already, and bytes after it are read when they are reached. */
interface Frontier {
  /** Hashes what lies before `place`. */
  reach(place: number): Promise<void>;
  /** Hashes what is new of bytes that somebody read, which begin at or before the frontier. */
  pass(bytes: Uint8Array, start: number): void;
  digest(): Fingerprint;
}

function hashingFrontier(source: ByteSource, onProgress: ((doneBytes: number) => void) | undefined): Frontier {
  const sha256 = createHash('sha256');
  const crc = crc64Nvme();
  const buffer = new Uint8Array(Math.min(pieceBytes, source.size));
  let done = 0;
  const pass = (bytes: Uint8Array, start: number): void => {
    const fresh = bytes.subarray(Math.max(0, done - start));
    if (fresh.length === 0) return;
    sha256.update(fresh);
    crc.update(fresh);
    done += fresh.length;
    onProgress?.(done);
  };
  return {
    async reach(place) {
      while (done < Math.min(place, source.size)) {
        const [start, piece] = [done, buffer.subarray(0, Math.min(buffer.length, place - done, source.size - done))];
        await readInto(source, piece, start);
        pass(piece, start);
      }
    },
    pass,
    digest: () => ({ bytes: source.size, sha256: sha256.digest('hex'), crc64nvme: crc.digest() }),
  };
}

/** Hashes the entries of an archive one after the other, through one buffer. */
async function hashEntries(entries: Iterable<ContainedEntry>): Promise<{ readonly entries: ManifestEntry[]; readonly damage: unknown }> {
  const hashed: ManifestEntry[] = [];
  try {
    for (const { rawPath, type, source } of entries) {
      const hash = createHash('sha256');
      await hashPieces(source, (piece) => hash.update(piece));
      hashed.push({ path: rawPath.toWellFormed(), type, bytes: source.size, sha256: hash.digest('hex') });
    }
  } catch (error) {
    return { entries: hashed, damage: error };
  }
  return { entries: hashed, damage: undefined };
}
