import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { memorySource, readAll } from '@icecore/bytes';
import { type Blob, digestOf, layoutFiles, mediaTypes } from '@icecore/restore';
import { entryPoint, nonRoot } from './root-file-system.ts';

/** Most bytes of a root file system: Node and its libraries have 130 MB. */
const maxLayerBytes = 1 << 30;
/** Images are of no time, so that the same parts give the same digest. */
const created = '1970-01-01T00:00:00.000Z';

/** Architectures as Node names them, and as images do. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Writes an OCI image layout of one layer, the root file system, into a folder that is not there yet. Gives the digest that a tag points at. */
export async function writeOciImage(root: string, into: string, tag: string): Promise<string> {
  const tar = execFileSync('tar', ['--create', '--sort=name', '--format=ustar', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '-C', root, '.'], { maxBuffer: maxLayerBytes });
  const layer = blobOf('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar, { level: 6 }));
  const platform = { architecture: architectures[process.arch] ?? process.arch, os: 'linux' };
  const config = documentOf(mediaTypes.config, {
    created,
    ...platform,
    config: {
      User: `${nonRoot.user}:${nonRoot.group}`,
      // Node has authorities of its own; those of the image go with them, and whoever mounts others over them is heard.
      Env: ['NODE_ENV=production', 'NODE_USE_SYSTEM_CA=1', 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'],
      Entrypoint: [...entryPoint],
      WorkingDir: '/',
    },
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    history: [{ created, created_by: 'infra/cluster/src/image', comment: 'both roles of the trigger' }],
  });
  const manifest = documentOf(mediaTypes.manifest, { schemaVersion: 2, mediaType: mediaTypes.manifest, config: config.descriptor, layers: [layer.descriptor] });
  const index = documentOf(mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [{ ...manifest.descriptor, platform }] });
  mkdirSync(dirname(into), { recursive: true });
  mkdirSync(into);
  for (const { path, source } of layoutFiles({ index, manifest, config, layer, annotations: {} }, tag)) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), await readAll(source));
  }
  return index.descriptor.digest;
}

function blobOf(mediaType: string, bytes: Uint8Array): Blob {
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, source: memorySource(bytes) };
}

function documentOf(mediaType: string, document: object): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(document)));
}
