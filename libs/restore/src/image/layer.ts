import { createHash } from 'node:crypto';
import { type Compression, expand, type Spool } from '@icecore/archive';
import { type ByteSource, DamageError, readPieces } from '@icecore/bytes';
import type { Blob, Digest } from './descriptor.ts';

/** An archive as a layer: the file itself, byte for byte, where the image-spec knows its compression. */
export interface CheckpointLayer extends Blob {
  /** Digest of the plain tar (image-spec, config.md). */
  readonly diffId: Digest;
  /** The plain tar, to look into. */
  readonly plain: ByteSource;
}

export interface LayerOptions {
  readonly spool: Spool;
  /** Store the plain tar also where the archive is compressed. */
  readonly decompress?: boolean;
  /** Bytes that were hashed so far, of those that will be. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

const layerTypes: Partial<Record<Compression, string>> = {
  none: 'application/vnd.oci.image.layer.v1.tar',
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
};

/**
 * The layer that an archive makes. What is compressed in a way that the image-spec has no media type for (xz, bzip2, one
 * compression in another) goes in as the plain tar. Rejects with a `DamageError` for an archive that is not whole: no engine
 * restores one.
 */
export async function checkpointLayer(source: ByteSource, options: LayerOptions): Promise<CheckpointLayer> {
  const outer = await expand(source, options);
  let plain = outer;
  for (let depth = 0; plain.compression !== 'none'; depth++) {
    const [gap] = plain.gaps;
    if (gap !== undefined) throw new DamageError(gap.code === 'not_captured' ? 'missing' : gap.code, `an image needs the whole archive: ${gap.reason}`, gap.place);
    const inner = await expand(plain.source, options);
    if (inner.compression === 'none') break;
    if (depth > 3) throw new DamageError('limit', 'the archive is compressed more than 4 times');
    plain = inner;
  }
  const mediaType = options.decompress === true || plain !== outer ? undefined : layerTypes[outer.compression];
  const stored = mediaType === undefined ? plain.source : source;
  const total = stored === plain.source ? stored.size : stored.size + plain.source.size;
  const digest = await digestOfSource(stored, (done) => options.onProgress?.(done, total));
  const diffId = stored === plain.source ? digest : await digestOfSource(plain.source, (done) => options.onProgress?.(stored.size + done, total));
  return {
    descriptor: { mediaType: mediaType ?? 'application/vnd.oci.image.layer.v1.tar', digest, size: stored.size },
    source: stored,
    diffId,
    plain: plain.source,
  };
}

async function digestOfSource(source: ByteSource, onProgress: (doneBytes: number) => void): Promise<Digest> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const piece of readPieces(source)) {
    hash.update(piece);
    done += piece.length;
    onProgress(done);
  }
  return `sha256:${hash.digest('hex')}`;
}
