import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type FaultPlan, faultPlan, withFault } from '../fault-plan.ts';

/** What a proxy does to the bytes of a request or an answer that it passes on. */
export type Tampering =
  /** Cuts the connection after so many bytes of the body. */
  | { readonly kind: 'cut-after'; readonly bytes: number }
  /** Turns a bit of the body. */
  | { readonly kind: 'flip' }
  /** Another checksum stands in the answer. */
  | { readonly kind: 'wrong-checksum' };

/** Stands before an S3 server and lets things go wrong. */
export interface S3Proxy {
  readonly endpoint: string;
  readonly faults: FaultPlan;
  /** The next `times` requests whose `METHOD PATH` fits. */
  tamper(when: RegExp, how: Tampering, times: number): void;
  /** Requests that were tampered with so far. */
  readonly tampered: number;
  /** No connection is taken any more, until it is opened again. */
  close(): Promise<void>;
  open(): Promise<void>;
}

/** Starts a proxy before the server at `endpoint`, on a port of 127.0.0.1 that it keeps. */
export async function startS3Proxy(endpoint: string): Promise<S3Proxy> {
  const faults = faultPlan();
  const tampering: { when: RegExp; how: Tampering; left: number }[] = [];
  let tampered = 0;
  const take = (line: string): Tampering | undefined => {
    const found = tampering.find(({ when, left }) => left > 0 && when.test(line));
    if (found === undefined) return undefined;
    found.left -= 1;
    tampered += 1;
    return found.how;
  };
  const pass = (from: IncomingMessage, to: ServerResponse): void => {
    const how = take(`${from.method} ${from.url}`);
    const { hostname, port } = new URL(endpoint);
    // The host stays as the client signed it.
    const on = request({ hostname, port, method: from.method, path: from.url, headers: from.headers, agent: false }, (answer) => {
      const headers = { ...answer.headers };
      if (how?.kind === 'wrong-checksum') Object.assign(headers, { etag: `"${'0'.repeat(32)}"`, 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' });
      to.writeHead(answer.statusCode ?? 502, headers);
      answer.pipe(to);
    });
    on.on('error', () => to.destroy());
    to.on('error', () => on.destroy());
    let passed = 0;
    from.on('data', (piece: Buffer) => {
      if (how?.kind === 'cut-after' && passed + piece.length > how.bytes) {
        from.socket.destroy();
        on.destroy();
        return;
      }
      const bytes = how?.kind === 'flip' && passed === 0 ? Buffer.concat([Buffer.of((piece[0] ?? 0) ^ 1), piece.subarray(1)]) : piece;
      passed += piece.length;
      if (!on.write(bytes)) {
        from.pause();
        on.once('drain', () => from.resume());
      }
    });
    from.on('end', () => on.end());
    from.on('error', () => on.destroy());
  };
  const server = createServer((from, to) => {
    void withFault(faults.take(from), from, to, () => pass(from, to));
  });
  let port = 0;
  const open = async (): Promise<void> => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  };
  await open();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    faults,
    tamper: (when, how, times) => void tampering.push({ when, how, left: times }),
    get tampered() {
      return tampered;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    open,
  };
}
