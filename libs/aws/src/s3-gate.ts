import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where a request is on its way: it came, half of its body went on, the store answered, the answer was given. */
export type GateStep = 'arrived' | 'halfway' | 'answered' | 'delivered';

export interface GateOptions {
  /** True where an object is there, by the path of its URL. Puts that must not overwrite are then refused as S3 refuses them. */
  readonly taken?: (path: string) => Promise<boolean>;
  /** How long each request, its body's middle and its answer are held up, in milliseconds. */
  readonly delayMs?: number;
  /** True for a request of whose body a bit is turned on its way, by its path and operation as `onStep` gets them. */
  readonly turned?: (path: string, operation: string) => boolean;
  /** Told at each step of each request: the path of its URL, and its method with what of the query says which operation it is. */
  readonly onStep?: (path: string, operation: string, step: GateStep) => void;
}

export interface Gate {
  readonly endpoint: string;
  close(): Promise<void>;
}

interface Passing {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: URL;
  readonly delayMs: number;
  readonly turned: boolean;
  readonly step: (step: GateStep) => void;
}

/**
 * Stands before an S3 server in suites, slows it down and tells what goes by. With `taken` it also does what Ceph RGW does not
 * in a bucket with versions: a put with `If-None-Match: *` of what is there gets 412, and of many writers one wins.
 */
export async function startGate(endpoint: string, { taken, delayMs = 0, turned, onStep }: GateOptions = {}): Promise<Gate> {
  const target = new URL(endpoint);
  const turns = new Map<string, Promise<void>>();
  const inTurn = (name: string, work: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(name) ?? Promise.resolve()).then(work, work);
    turns.set(name, turn);
    return turn;
  };
  const server = createServer((incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', target);
    const operation = operationOf(incoming.method ?? '', searchParams);
    const step = (each: GateStep): void => onStep?.(pathname, operation, each);
    const forward = (): Promise<void> => pass({ incoming, response, target, delayMs, turned: turned?.(pathname, operation) === true, step });
    const onlyNew = async (): Promise<void> => ((await taken?.(pathname)) === true ? refuse(incoming, response) : forward());
    step('arrived');
    const passed = sleep(delayMs).then(() => (taken !== undefined && incoming.headers['if-none-match'] === '*' ? inTurn(pathname, onlyNew) : forward()));
    passed.catch(() => response.destroy());
  });
  // A connection that is closed just as the next request goes out would be a fault that nobody asked for.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

async function pass({ incoming, response, target: { hostname, port }, delayMs, turned, step }: Passing): Promise<void> {
  const outgoing = httpRequest({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false });
  const answered = once(outgoing, 'response');
  // Whoever waits for the answer hears of it.
  answered.catch(() => undefined);
  outgoing.on('error', () => undefined);
  try {
    await sendBody(incoming, outgoing, turned, async () => {
      step('halfway');
      await sleep(delayMs);
    });
  } catch (error) {
    // The sender is gone in the middle of it: so the store must see it too.
    outgoing.destroy();
    throw error;
  }
  const [answer]: IncomingMessage[] = await answered;
  if (answer === undefined) throw new Error('the store gave no answer');
  step('answered');
  await sleep(delayMs);
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  for await (const piece of answer) if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  response.end();
  step('delivered');
}

async function sendBody(incoming: IncomingMessage, outgoing: ReturnType<typeof httpRequest>, turned: boolean, atHalf: () => Promise<void>): Promise<void> {
  const length = Number(incoming.headers['content-length'] ?? 0);
  let passed = 0;
  for await (const piece of incoming) {
    if (!(piece instanceof Uint8Array)) continue;
    if (turned && passed === 0) piece[piece.length >> 1]! ^= 1;
    if (!outgoing.write(piece)) await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
    const before = passed;
    passed += piece.length;
    if (before * 2 < length && passed * 2 >= length) await atHalf();
  }
  if (passed < length) throw new Error(`the sender broke off after ${passed} bytes of ${length}`);
  outgoing.end();
}

async function refuse(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  incoming.resume();
  await once(incoming, 'end');
  response.writeHead(412, { 'content-type': 'application/xml' }).end('<?xml version="1.0"?><Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message></Error>');
}

function operationOf(method: string, query: URLSearchParams): string {
  const word = ['uploads', 'partNumber', 'uploadId', 'versions', 'retention', 'legal-hold'].find((each) => query.has(each));
  return word === undefined ? method : `${method} ${word}`;
}
