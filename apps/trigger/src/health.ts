import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** What a role says of itself. */
export interface Health {
  /** Why it cannot work now; empty where it can. */
  notReady(): readonly string[];
  readonly metrics: Registry;
}

/** `/healthz`, `/readyz` and `/metrics`, on a port that is not that of the alerts. */
export async function serveHealth({ host, port }: { readonly host: string; readonly port: number }, { notReady, metrics }: Health): Promise<Server> {
  const server = createServer((request, response) => {
    const plain = (status: number, text: string): void => void response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    if (request.url === '/healthz') return plain(200, 'alive');
    if (request.url === '/readyz') {
      const reasons = notReady();
      return reasons.length === 0 ? plain(200, 'ready') : plain(503, reasons.join('\n'));
    }
    if (request.url !== '/metrics') return plain(404, 'not found');
    void metrics.metrics().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => plain(500, 'no metrics'),
    );
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return server;
}
