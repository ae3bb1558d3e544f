import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** An object of the store. */
interface Stored {
  readonly size: number;
  readonly versionId: string;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  read(start: number, end: number): Promise<Uint8Array>;
}

/**
 * Stands in for S3 where an archive is larger than the memory of any server here: small objects are kept in memory, and one
 * file is served by ranges under a key. Speaks as much as vault and lake ask of an unversioned key: get, head, put, both lists.
 */
export interface LargeStore extends AsyncDisposable {
  readonly endpoint: string;
  /** Serves a file, without a copy, as the object of `/BUCKET/KEY`. */
  serve(bucket: string, key: string, path: string): Promise<void>;
}

export async function largeStore(): Promise<LargeStore> {
  const objects = new Map<string, Stored>();
  const files = new AsyncDisposableStack();
  const server = createServer((request, response) => {
    answer(objects, request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async serve(bucket, key, path) {
      const file = await open(path);
      files.defer(() => file.close());
      const { size } = await file.stat();
      const read = async (start: number, end: number): Promise<Uint8Array> => {
        const bytes = new Uint8Array(end - start);
        await file.read(bytes, 0, bytes.length, start);
        return bytes;
      };
      objects.set(`${bucket}/${key}`, { size, versionId: 'large', etag: '"large"', headers: {}, read });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
      await files.disposeAsync();
    },
  };
}

async function answer(objects: Map<string, Stored>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://s3');
  const name = decodeURIComponent(pathname.slice(1));
  if (request.method === 'PUT') return put(objects, name, request, response);
  if (request.method === 'GET' && (query.has('versions') || query.has('list-type'))) return list(objects, name.split('/')[0] ?? '', query, response);
  const found = objects.get(name);
  if (found === undefined) return void response.writeHead(404).end();
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const [start, end] = from === undefined ? [0, found.size] : [Number(from), Math.min(found.size, Number(to) + 1)];
  response.writeHead(from === undefined ? 200 : 206, { ...found.headers, 'content-length': end - start, etag: found.etag, 'x-amz-version-id': found.versionId });
  response.end(request.method === 'HEAD' ? undefined : await found.read(start, end));
}

async function put(objects: Map<string, Stored>, name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (request.headers['if-none-match'] === '*' && objects.has(name)) return void response.writeHead(412).end();
  const checksum = request.headers['x-amz-checksum-crc64nvme'];
  const headers = Object.fromEntries(Object.entries(request.headers).flatMap(([key, value]) => (key.startsWith('x-amz-object-lock-') && typeof value === 'string' ? [[key, value]] : [])));
  const stored: Stored = { size: bytes.length, versionId: randomUUID(), etag: `"${createHash('md5').update(bytes).digest('hex')}"`, headers, read: async (start, end) => bytes.subarray(start, end) };
  objects.set(name, stored);
  response.writeHead(200, { etag: stored.etag, 'x-amz-version-id': stored.versionId, ...(typeof checksum === 'string' ? { 'x-amz-checksum-crc64nvme': checksum, 'x-amz-checksum-type': 'FULL_OBJECT' } : {}) }).end();
}

function list(objects: ReadonlyMap<string, Stored>, bucket: string, query: URLSearchParams, response: ServerResponse): void {
  const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
  const found = [...objects].filter(([name]) => name.startsWith(prefix)).sort(([left], [right]) => (left < right ? -1 : 1));
  const [root, element] = query.has('versions') ? ['ListVersionsResult', 'Version'] : ['ListBucketResult', 'Contents'];
  const rows = found.map(([name, { size, versionId, etag }]) => `<${element}><Key>${name.slice(bucket.length + 1)}</Key><VersionId>${versionId}</VersionId><Size>${size}</Size><ETag>${etag}</ETag><LastModified>2026-11-25T09:00:00.000Z</LastModified></${element}>`);
  response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><${root}>${rows.join('')}</${root}>`);
}
