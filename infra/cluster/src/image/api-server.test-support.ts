import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A key and a self-signed certificate for 127.0.0.1, as files. */
export function certificate(folder: string): { readonly key: string; readonly cert: string } {
  mkdirSync(folder, { recursive: true });
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-keyout', key, '-out', cert, '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'pipe' });
  return { key, cert };
}

/** An API server that has no objects, and takes those that are written: lists are empty, and watches stay quiet. */
export async function emptyApiServer(folder: string): Promise<{ readonly server: Server; readonly port: number; readonly asked: readonly string[]; readonly serviceAccount: string }> {
  const { key, cert } = certificate(join(folder, 'api'));
  const asked: string[] = [];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://api');
    asked.push(`${request.method} ${url.pathname} ${request.headers.authorization ?? ''}`);
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
    if (url.searchParams.get('watch') === 'true') return response.flushHeaders();
    if (request.method === 'GET') return response.end(JSON.stringify({ kind: 'List', metadata: { resourceVersion: '1' }, items: [] }));
    return request.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const serviceAccount = join(folder, 'service-account');
  mkdirSync(serviceAccount);
  for (const [name, content] of [['ca.crt', readFileSync(cert, 'utf8')], ['token', 'of-the-role'], ['namespace', 'icecore']] as const) writeFileSync(join(serviceAccount, name), content, { mode: 0o644 });
  return { server, port: (server.address() as AddressInfo).port, asked, serviceAccount };
}
