import { type ByteSource, DamageError, readAll } from '@icecore/bytes';
import { z } from 'zod';
import { type Blob, type Descriptor, type Digest, digestOf } from './descriptor.ts';
import type { CheckpointImage } from './image.ts';

/** Largest document of a layout that is read, in bytes (distribution-spec: registries take manifests of 4 MiB at least). */
const maxDocumentBytes = 4 << 20;

const digest = z.custom<Digest>((value) => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value));
const descriptor = z.looseObject({ mediaType: z.string().max(255), digest, size: z.number().int().nonnegative() });
const index = z.looseObject({ manifests: z.array(descriptor).length(1), annotations: z.record(z.string(), z.string()).default({}) });
const manifest = z.looseObject({ config: descriptor, layers: z.array(descriptor).length(1) });

/**
 * Reads an image of one layer from an OCI image layout, in which `index.json` names an index of one manifest, as icecore writes them.
 * The documents are checked by their digests; the layer by whoever takes it. Rejects with a `DamageError` for anything else.
 */
export async function readLayout(open: (path: string) => Promise<ByteSource>): Promise<CheckpointImage> {
  const blob = async ({ mediaType, digest: named, size }: Descriptor): Promise<Blob> => {
    const source = await open(`blobs/${named.replace(':', '/')}`);
    if (source.size !== size) throw new DamageError('malformed', `has ${source.size} bytes and not ${size}`, { entry: named });
    return { descriptor: { mediaType, digest: named, size }, source };
  };
  const document = async (given: Descriptor): Promise<Blob & { readonly bytes: Uint8Array }> => {
    const found = await blob(given);
    const bytes = await documentOf(found.source, given.digest);
    if (digestOf(bytes) !== given.digest) throw new DamageError('malformed', 'is not what its digest says', { entry: given.digest });
    return { ...found, bytes };
  };
  const [top] = parsed(index, await documentOf(await open('index.json'), 'index.json'), 'index.json').manifests;
  if (top === undefined) throw new DamageError('missing', 'names no image', { entry: 'index.json' });
  const outer = await document(top);
  const { manifests, annotations } = parsed(index, outer.bytes, top.digest);
  const [only] = manifests;
  if (only === undefined) throw new DamageError('missing', 'names no manifest', { entry: top.digest });
  const inner = await document(only);
  const { config, layers } = parsed(manifest, inner.bytes, only.digest);
  const [layer] = layers;
  if (layer === undefined) throw new DamageError('missing', 'has no layer', { entry: only.digest });
  return { index: outer, manifest: inner, config: await document(config), layer: await blob(layer), annotations };
}

async function documentOf(source: ByteSource, entry: string): Promise<Uint8Array> {
  if (source.size > maxDocumentBytes) throw new DamageError('limit', `has ${source.size} bytes; at most ${maxDocumentBytes} are read`, { entry });
  return readAll(source);
}

function parsed<T extends z.ZodType>(schema: T, bytes: Uint8Array, entry: string): z.infer<T> {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw new DamageError('malformed', 'is not of an image with one manifest and one layer', { entry }, { cause: error });
  }
}
