import { createHash } from 'node:crypto';
import { type ByteSource, memorySource } from '@icecore/bytes';

/** `sha256:` and 64 lower-case hex digits (image-spec, descriptor.md). */
export type Digest = `sha256:${string}`;

/** What a blob is and how it is known (image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Annotations;
}

/** Names as Go has them: `amd64`, `linux`. */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
}

/** By ascending name, so that the same annotations give the same bytes. */
export type Annotations = Readonly<Record<string, string>>;

/** A blob and its content. */
export interface Blob {
  readonly descriptor: Descriptor;
  readonly source: ByteSource;
}

export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
} as const;

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A JSON document as a blob; its keys stay in the order that they are given in. */
export function jsonBlob(mediaType: string, document: object): Blob {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, source: memorySource(bytes) };
}
