import { createHash } from 'node:crypto';
import { type ByteSource, readPieces } from '@icecore/bytes';
import type { ManifestEntry } from './manifest.ts';

/** An entry of an archive as `@icecore/archive` lists it. */
export interface ContainedEntry {
  readonly rawPath: string;
  readonly type: string;
  readonly source: ByteSource;
}

/** Hashes the entries of an archive one after the other, through one buffer each. */
export async function hashEntries(entries: Iterable<ContainedEntry>): Promise<ManifestEntry[]> {
  const hashed: ManifestEntry[] = [];
  for (const { rawPath, type, source } of entries) {
    const hash = createHash('sha256');
    for await (const piece of readPieces(source)) hash.update(piece);
    hashed.push({ path: rawPath.toWellFormed(), type, bytes: source.size, sha256: hash.digest('hex') });
  }
  return hashed;
}
