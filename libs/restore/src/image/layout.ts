import { type ByteSource, memorySource } from '@icecore/bytes';
import { type Blob, mediaTypes } from './descriptor.ts';
import type { CheckpointImage } from './image.ts';

/** A file of an image layout, by its path in it. */
export interface LayoutFile {
  readonly path: string;
  readonly source: ByteSource;
}

/** Tags as the image-spec allows them (annotations.md, `org.opencontainers.image.ref.name`), at most 128 characters. */
export const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** The files of an OCI image layout (image-spec, image-layout.md) that holds the image; `index.json` last: with it, the layout is whole. */
export function layoutFiles(image: CheckpointImage, tag: string | undefined): readonly LayoutFile[] {
  const { index, manifest, config, layer } = image;
  const text = (value: object): ByteSource => memorySource(new TextEncoder().encode(JSON.stringify(value)));
  const named = { ...index.descriptor, ...(tag === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': tag } }) };
  return [
    { path: 'oci-layout', source: text({ imageLayoutVersion: '1.0.0' }) },
    ...[layer, config, manifest, index].map((blob) => ({ path: blobPath(blob), source: blob.source })),
    { path: 'index.json', source: text({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [named] }) },
  ];
}

function blobPath({ descriptor }: Blob): string {
  return `blobs/${descriptor.digest.replace(':', '/')}`;
}
