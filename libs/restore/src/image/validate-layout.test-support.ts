import { createHash } from 'node:crypto';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { readAll } from '@icecore/bytes';
import { z } from 'zod';
import type { LayoutFile } from './layout.ts';

/*
 * The rules of the image-spec (v1.1: schema/*.json, image-layout.md, descriptor.md, manifest.md, config.md), written down
 * apart from the code that makes images.
 */
const digest = z.string().regex(/^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/).regex(/^sha256:[a-f0-9]{64}$/);
const mediaType = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/);
const annotations = z.record(z.string().regex(/.{1,}/), z.string()).optional();
const descriptor = z.strictObject({
  mediaType,
  digest,
  size: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  annotations,
  platform: z.strictObject({ architecture: z.string(), os: z.string() }).optional(),
});
const index = z.strictObject({ schemaVersion: z.literal(2), mediaType: z.literal('application/vnd.oci.image.index.v1+json'), manifests: z.array(descriptor).min(1), annotations });
const manifest = z.strictObject({ schemaVersion: z.literal(2), mediaType: z.literal('application/vnd.oci.image.manifest.v1+json'), config: descriptor, layers: z.array(descriptor).min(1), annotations });
const config = z.strictObject({
  created: z.iso.datetime().optional(),
  architecture: z.string(),
  os: z.string(),
  config: z.object({}),
  rootfs: z.strictObject({ type: z.literal('layers'), diff_ids: z.array(digest).min(1) }),
  history: z.array(z.strictObject({ created: z.iso.datetime(), created_by: z.string(), comment: z.string() })).optional(),
});

/** What breaks the image-spec; empty for a valid layout. */
export async function layoutFaults(files: readonly LayoutFile[]): Promise<string[]> {
  const faults: string[] = [];
  const content = new Map<string, Uint8Array>();
  for (const { path, source } of files) {
    if (content.has(path)) faults.push(`${path} is there twice`);
    content.set(path, await readAll(source));
  }
  const read = (path: string): Uint8Array => content.get(path) ?? (faults.push(`${path} is missing`), new Uint8Array(0));
  const json = (bytes: Uint8Array): unknown => {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      return undefined;
    }
  };
  const checked = <T>(name: string, schema: z.ZodType<T>, bytes: Uint8Array): T | undefined => {
    const parsed = schema.safeParse(json(bytes));
    if (!parsed.success) faults.push(`${name}: ${parsed.error.message}`);
    return parsed.data;
  };
  checked('oci-layout', z.strictObject({ imageLayoutVersion: z.literal('1.0.0') }), read('oci-layout'));
  const used = new Set(['oci-layout', 'index.json']);
  const blob = (of: z.infer<typeof descriptor>): Uint8Array => {
    const path = `blobs/${of.digest.replace(':', '/')}`;
    used.add(path);
    const bytes = read(path);
    if (bytes.length !== of.size) faults.push(`${path} has ${bytes.length} bytes, its descriptor says ${of.size}`);
    const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (found !== of.digest) faults.push(`${path} has the digest ${found}`);
    return bytes;
  };
  const visitManifest = (of: z.infer<typeof descriptor>): void => {
    const made = checked('manifest', manifest, blob(of));
    if (made === undefined) return;
    if (made.config.mediaType !== 'application/vnd.oci.image.config.v1+json') faults.push(`the config is a ${made.config.mediaType}`);
    const settings = checked('config', config, blob(made.config));
    if (of.platform?.architecture !== settings?.architecture || of.platform?.os !== settings?.os) faults.push('the platform of the descriptor is not that of the config');
    const diffIds = made.layers.map((layer) => `sha256:${createHash('sha256').update(plain(layer.mediaType, blob(layer), faults)).digest('hex')}`);
    if (JSON.stringify(diffIds) !== JSON.stringify(settings?.rootfs.diff_ids)) faults.push('the diff_ids are not those of the layers');
  };
  const visitIndex = (bytes: Uint8Array): void => {
    for (const each of checked('index', index, bytes)?.manifests ?? []) {
      if (each.mediaType === 'application/vnd.oci.image.index.v1+json') visitIndex(blob(each));
      else visitManifest(each);
    }
  };
  visitIndex(read('index.json'));
  for (const path of content.keys()) if (!used.has(path)) faults.push(`nothing leads to ${path}`);
  return faults;
}

function plain(type: string, bytes: Uint8Array, faults: string[]): Uint8Array {
  if (type === 'application/vnd.oci.image.layer.v1.tar') return bytes;
  if (type === 'application/vnd.oci.image.layer.v1.tar+gzip') return gunzipSync(bytes);
  if (type === 'application/vnd.oci.image.layer.v1.tar+zstd') return zstdDecompressSync(bytes);
  faults.push(`${type} is no media type of a layer`);
  return bytes;
}
