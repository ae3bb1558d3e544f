import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What an odd registry does, which a well-behaved one cannot be made to do. */
export interface Oddities {
  /** Ask for a token of the server's own `/token`, whose realm says `realm` where that is given. */
  readonly bearer?: { readonly user: string; readonly password: string; readonly realm?: string };
  /** Numbers of the `PATCH` requests, from 1, of which only half the bytes are kept before the connection is dropped. */
  readonly dropHalf?: readonly number[];
  /** Number of the `PATCH` after which the upload is forgotten. */
  readonly forgetAfter?: number;
  /** Answer so many requests with 503 first. */
  readonly busy?: number;
  /** Send uploads to this origin. */
  readonly uploadsAt?: string;
}

export interface OddRegistry {
  readonly host: string;
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly manifests: ReadonlyMap<string, Buffer>;
  /** `METHOD path authorization` of every request. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** A registry (distribution-spec) in memory. */
export async function oddRegistry(oddities: Oddities = {}): Promise<OddRegistry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Buffer>();
  const uploads = new Map<string, Buffer>();
  const requests: string[] = [];
  let patches = 0;
  let busy = oddities.busy ?? 0;
  let host = '';
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', `http://${host}`);
    const method = request.method ?? '';
    requests.push(`${method} ${url.pathname} ${request.headers.authorization ?? '-'}`);
    const body = await bodyOf(request);
    const end = (status: number, headers: Record<string, string> = {}, content: string | Buffer = ''): void => void response.writeHead(status, headers).end(content);
    if (url.pathname === '/token') return tokenFor(oddities, request, end);
    if (busy > 0) {
      busy -= 1;
      return end(503);
    }
    if (oddities.bearer !== undefined && request.headers.authorization !== 'Bearer t0ken') {
      return end(401, { 'www-authenticate': `Bearer realm="${oddities.bearer.realm ?? `http://${host}/token`}",service="odd",scope="repository:a/b:pull,push"` });
    }
    const [, kind = '', name = ''] = /^\/v2\/a\/b\/(blobs\/uploads|blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === 'manifests') {
      if (method === 'PUT') manifests.set(name, body);
      const found = manifests.get(name);
      return found === undefined ? end(404) : end(method === 'PUT' ? 201 : 200, {}, method === 'PUT' ? '' : found);
    }
    if (kind === 'blobs') return end(blobs.has(name) ? 200 : 404);
    if (method === 'POST') {
      uploads.set(String(uploads.size), Buffer.alloc(0));
      return end(202, { location: `${oddities.uploadsAt ?? ''}/v2/a/b/blobs/uploads/${uploads.size - 1}` });
    }
    const upload = uploads.get(name);
    if (upload === undefined) return end(404);
    if (method === 'GET') return end(204, { range: `0-${Math.max(0, upload.length - 1)}` });
    if (method === 'PATCH') {
      patches += 1;
      if (request.headers['content-range'] !== `${upload.length}-${upload.length + body.length - 1}`) return end(416);
      if (oddities.dropHalf?.includes(patches) === true) {
        uploads.set(name, Buffer.concat([upload, body.subarray(0, body.length >> 1)]));
        return void request.socket.destroy();
      }
      uploads.set(name, Buffer.concat([upload, body]));
      if (patches === oddities.forgetAfter) uploads.delete(name);
      return end(202, { location: url.href });
    }
    const digest = url.searchParams.get('digest') ?? '';
    if (`sha256:${createHash('sha256').update(upload).digest('hex')}` !== digest) return end(400, {}, JSON.stringify({ errors: [{ code: 'DIGEST_INVALID' }] }));
    blobs.set(digest, upload);
    return end(201);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  host = address === null || typeof address === 'string' ? '' : `127.0.0.1:${address.port}`;
  return {
    host,
    blobs,
    manifests,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function tokenFor({ bearer }: Oddities, request: IncomingMessage, end: (status: number, headers?: Record<string, string>, content?: string) => void): void {
  const expected = `Basic ${Buffer.from(`${bearer?.user}:${bearer?.password}`).toString('base64')}`;
  if (request.headers.authorization === expected) end(200, {}, JSON.stringify({ token: 't0ken' }));
  else end(401);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
