import { readAll } from '@icecore/bytes';
import { type Blob, type CheckpointImage, type Digest, digestOf } from '@icecore/restore';
import { type Connection, connect } from './connection.ts';
import type { Credentials } from './docker-config.ts';
import { RegistryError } from './errors.ts';
import { failureOf } from './failure.ts';
import type { ImageReference } from './reference.ts';
import { httpSend } from './send.ts';
import { uploadBlob } from './upload.ts';

export interface PushOptions {
  readonly credentials: Credentials;
  /** Speak without TLS also to what is not this machine. */
  readonly plainHttp?: boolean;
  /** Bytes of one request (default 4 MiB). */
  readonly chunkBytes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** What a push did. */
export interface Pushed {
  /** What the tag points at now, read back from the registry. */
  readonly digest: Digest;
  /** Blobs that were there before. */
  readonly existed: number;
  /** How often an upload went on after the connection was lost. */
  readonly resumed: number;
  /** How often one began anew, because the registry had forgotten it. */
  readonly restarted: number;
}

const defaultChunkBytes = 4 << 20;

/**
 * Puts an image into a registry (OCI distribution-spec): its blobs in pieces, then the manifest, then the index under the tag,
 * so that whoever pulls the tag finds all of it. Reads the tag back. Rejects with a `RegistryError`.
 */
export async function pushImage(image: CheckpointImage, reference: ImageReference, options: PushOptions): Promise<Pushed> {
  const { credentials, plainHttp = false, chunkBytes = defaultChunkBytes, signal, onProgress } = options;
  const given = signal === undefined ? {} : { signal };
  const connection = connect(reference, { credential: credentials(reference), plainHttp, send: httpSend(signal), ...given });
  const blobs = [image.layer, image.config];
  const total = blobs.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  let done = 0;
  let existed = 0;
  let resumed = 0;
  let restarted = 0;
  for (const blob of blobs) {
    const uploaded = await uploadBlob(connection, blob, { chunkBytes, ...given, onProgress: (bytes) => onProgress?.(done + bytes, total) });
    if (uploaded.existed) existed += 1;
    resumed += uploaded.resumed;
    restarted += uploaded.restarted;
    done += blob.descriptor.size;
    onProgress?.(done, total);
  }
  await putManifest(connection, image.manifest, image.manifest.descriptor.digest);
  await putManifest(connection, image.index, reference.tag);
  return { digest: await digestOfTag(connection, image.index), existed, resumed, restarted };
}

async function putManifest(connection: Connection, blob: Blob, name: string): Promise<void> {
  const { mediaType } = blob.descriptor;
  const body = Buffer.from(await readAll(blob.source));
  const response = await connection.retried(connection.url(`manifests/${name}`), { method: 'PUT', body, headers: { 'content-type': mediaType } });
  if (response.status !== 201) throw await failureOf(`${connection.reference.host} does not accept the manifest`, response);
  await response.body?.cancel();
}

async function digestOfTag(connection: Connection, { descriptor }: Blob): Promise<Digest> {
  const { host, tag } = connection.reference;
  const response = await connection.retried(connection.url(`manifests/${tag}`), { method: 'GET', headers: { accept: descriptor.mediaType } });
  if (response.status !== 200) throw await failureOf(`${host} does not give ${tag} back`, response);
  const digest = digestOf(await bodyOf(response, descriptor.size));
  if (digest !== descriptor.digest) throw new RegistryError('unexpected', `${host} has ${digest} under ${tag}, and not ${descriptor.digest}: another push came between`);
  return digest;
}

/** A body of a known length; one byte more tells that it is another. */
async function bodyOf(response: Response, size: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > size) break;
  }
  return Buffer.concat(chunks);
}
