import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { crc64Nvme } from '@icecore/evidence';
import { combineCrc64 } from './index.ts';
import { base64OfHex } from './parts.ts';

/** What a stand-in saw of an upload. */
export interface Counted {
  readonly parts: number;
  readonly bytes: number;
  readonly largestPart: number;
  /** Over the whole object, from the checksums of its parts, 16 hex digits. */
  readonly crc64nvme: string;
}

/**
 * Stands in for S3 where an object is larger than any store here: it takes the requests of one upload in parts, computes each
 * part's CRC64NVME while its bytes go by, refuses a part or a whole whose checksum is another, as S3 does, and keeps nothing.
 */
export async function countingStore(): Promise<{ readonly endpoint: string; counted(): Counted; close(): Promise<void> }> {
  const parts = new Map<number, { readonly bytes: number; readonly crc: string }>();
  let lock: Readonly<Record<string, string>> = {};
  let stored = false;
  const counted = (): Counted => {
    const all = [...parts].sort(([left], [right]) => left - right).map(([, part]) => part);
    return {
      parts: all.length,
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      largestPart: Math.max(0, ...all.map(({ bytes }) => bytes)),
      crc64nvme: all.reduce((whole, { bytes, crc }) => combineCrc64(whole, crc, bytes), '0000000000000000'),
    };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { searchParams: query, pathname } = new URL(request.url ?? '/', 'http://s3');
    const body = crc64Nvme();
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      body.update(chunk);
      bytes += chunk.length;
    }
    const told = request.headers['x-amz-checksum-crc64nvme'];
    const xml = (text: string, headers = {}): unknown => response.writeHead(200, { 'content-type': 'application/xml', ...headers }).end(`<?xml version="1.0"?>${text}`);
    const refuse = (code: string): unknown => response.writeHead(400, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
    if (request.method === 'POST' && query.has('uploads')) {
      lock = Object.fromEntries(Object.entries(request.headers).flatMap(([name, value]) => (name.startsWith('x-amz-object-lock-') && typeof value === 'string' ? [[name, value]] : [])));
      xml('<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>');
    } else if (request.method === 'PUT' && query.has('partNumber')) {
      const crc = body.digest();
      if (told !== base64OfHex(crc)) return void refuse('BadDigest');
      parts.set(Number(query.get('partNumber')), { bytes, crc });
      response.writeHead(200, { etag: `"${crc}"`, 'x-amz-checksum-crc64nvme': told }).end();
    } else if (request.method === 'POST' && query.has('uploadId')) {
      const whole = base64OfHex(counted().crc64nvme);
      if (told !== whole || request.headers['x-amz-mp-object-size'] !== String(counted().bytes)) return void refuse('BadDigest');
      stored = true;
      xml(`<CompleteMultipartUploadResult><ChecksumCRC64NVME>${whole}</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType></CompleteMultipartUploadResult>`, { 'x-amz-version-id': 'v1' });
    } else if (query.has('versions')) {
      const key = pathname.split('/').slice(2).join('/') || query.get('prefix');
      xml(`<ListVersionsResult>${stored ? `<Version><Key>${key}</Key><VersionId>v1</VersionId><Size>${counted().bytes}</Size><LastModified>2026-03-01T10:00:00.000Z</LastModified></Version>` : ''}</ListVersionsResult>`);
    } else if (query.has('uploads')) {
      xml('<ListMultipartUploadsResult></ListMultipartUploadsResult>');
    } else if (request.method === 'HEAD' && stored) {
      response.writeHead(200, lock).end();
    } else {
      refuse('NotImplemented');
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    counted,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
