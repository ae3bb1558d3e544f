import { DamageError } from '@icecore/bytes';
import type { Blob } from '@icecore/restore';
import { type Connection, isTemporary, isUnreachable, maxAttempts } from './connection.ts';
import { RegistryError } from './errors.ts';
import { failureOf } from './failure.ts';
import { pause } from './send.ts';

/** How a blob came to be in the registry. */
export interface Uploaded {
  /** It was there before. */
  readonly existed: boolean;
  /** How often the upload went on from where the registry said it was, after the connection was lost. */
  readonly resumed: number;
  /** How often it began anew, because the registry had forgotten it or had mixed up what it got. */
  readonly restarted: number;
}

export interface UploadOptions {
  /** Bytes of one request; more where the registry asks for more (`OCI-Chunk-Min-Length`). */
  readonly chunkBytes: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneBytes: number) => void;
}

const maxChunkBytes = 64 << 20;
const maxRestarts = 5;

/**
 * Brings a blob into the repository (distribution-spec, "Pushing a blob in chunks"). Where a request is lost the registry is asked
 * how far it came, and the upload goes on from there; where it has forgotten the upload, a new one begins.
 */
export async function uploadBlob(connection: Connection, { descriptor, source }: Blob, options: UploadOptions): Promise<Uploaded> {
  const { digest, size } = descriptor;
  if (source.size !== size) throw new DamageError('truncated', `the blob has ${source.size} of ${size} bytes`);
  if (await hasBlob(connection, digest)) return { existed: true, resumed: 0, restarted: 0 };
  let resumed = 0;
  let failures = 0;
  for (let restarted = 0; restarted <= maxRestarts; restarted++) {
    let upload: Upload | undefined = await begin(connection, options.chunkBytes);
    while (upload !== undefined && upload.offset < size) {
      const end = Math.min(size, upload.offset + upload.chunkBytes);
      const sent = await sendChunk(connection, upload, Buffer.from(await source.read(upload.offset, end)), end);
      if (sent !== undefined) {
        failures = 0;
        upload = sent;
      } else {
        failures += 1;
        if (failures >= maxAttempts) throw new RegistryError('unreachable', `${connection.reference.host} lost the connection ${failures} times at byte ${upload.offset} of ${digest}`);
        await pause(failures, options.signal);
        upload = await status(connection, upload, size);
        if (upload !== undefined) resumed += 1;
      }
      if (upload !== undefined) options.onProgress?.(upload.offset);
    }
    if (upload !== undefined && (await finish(connection, upload, digest, options.signal))) return { existed: false, resumed, restarted };
  }
  throw new RegistryError('unexpected', `${connection.reference.host} forgot the upload of ${digest} ${maxRestarts + 1} times`);
}

export async function hasBlob(connection: Connection, digest: string): Promise<boolean> {
  const response = await connection.retried(connection.url(`blobs/${digest}`), { method: 'HEAD' });
  if (response.status === 200) return true;
  if (response.status === 404) return false;
  throw await failureOf(`${connection.reference.host} does not say whether it has ${digest}`, response);
}

interface Upload {
  readonly url: URL;
  readonly offset: number;
  readonly chunkBytes: number;
}

async function begin(connection: Connection, wantedBytes: number): Promise<Upload> {
  const url = connection.url('blobs/uploads/');
  const response = await connection.retried(url, { method: 'POST', headers: { 'content-length': '0' } });
  if (response.status !== 202) throw await failureOf(`${connection.reference.host} takes no blobs into ${connection.reference.repository}`, response);
  await response.body?.cancel();
  const least = Number(response.headers.get('oci-chunk-min-length') ?? 0);
  return { url: connection.next(url, response), offset: 0, chunkBytes: Math.min(maxChunkBytes, Math.max(wantedBytes, Number.isSafeInteger(least) ? least : 0)) };
}

/** The upload after a chunk; undefined where the request was lost or refused in a way that asking for the offset may mend. */
async function sendChunk(connection: Connection, upload: Upload, body: Uint8Array<ArrayBuffer>, end: number): Promise<Upload | undefined> {
  let response: Response;
  try {
    response = await connection.request(upload.url, { method: 'PATCH', body, headers: { 'content-type': 'application/octet-stream', 'content-range': `${upload.offset}-${end - 1}` } });
  } catch (error) {
    if (isUnreachable(error)) return undefined;
    throw error;
  }
  if (response.status === 202) {
    await response.body?.cancel();
    return { ...upload, url: connection.next(upload.url, response), offset: end };
  }
  if (response.status !== 416 && response.status !== 404 && !isTemporary(response.status)) throw await failureOf(`${connection.reference.host} refuses a part of the layer`, response);
  await response.body?.cancel();
  return undefined;
}

/** How far the registry came; undefined where it knows the upload no more. */
async function status(connection: Connection, upload: Upload, size: number): Promise<Upload | undefined> {
  const response = await connection.retried(upload.url, { method: 'GET' });
  await response.body?.cancel();
  if (response.status !== 204 && response.status !== 202 && response.status !== 200) return undefined;
  // `0-0` stands for one byte as well as for none; nobody sends one byte.
  const last = Number(/^(?:bytes=)?0-(\d+)$/.exec(response.headers.get('range') ?? '')?.[1] ?? 0);
  const offset = last === 0 ? 0 : last + 1;
  if (!Number.isSafeInteger(offset) || offset > size) return undefined;
  return { ...upload, url: response.headers.get('location') === null ? upload.url : connection.next(upload.url, response), offset };
}

/** Ends an upload; false where the registry knows it no more. An answer that is lost is made up for by looking for the blob. */
async function finish(connection: Connection, upload: Upload, digest: string, signal: AbortSignal | undefined): Promise<boolean> {
  const url = new URL(upload.url);
  url.searchParams.set('digest', digest);
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await connection.request(url, { method: 'PUT', headers: { 'content-length': '0', 'content-type': 'application/octet-stream' } });
      if (response.status === 201 || response.status === 204) {
        await response.body?.cancel();
        return true;
      }
      if (response.status === 404) return await hasBlob(connection, digest);
      const failure = await failureOf(`${connection.reference.host} does not accept the blob ${digest}`, response);
      // A request that was given up for lost may have come to the registry all the same, behind the one that took its place.
      if (failure.told.includes('DIGEST_INVALID')) return false;
      if (!isTemporary(response.status) || attempt >= maxAttempts) throw failure;
    } catch (error) {
      if (!isUnreachable(error) || attempt >= maxAttempts) throw error;
      if (await hasBlob(connection, digest)) return true;
    }
    await pause(attempt, signal);
  }
}
