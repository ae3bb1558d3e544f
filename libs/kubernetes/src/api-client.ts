import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { KubernetesError } from './errors.ts';

/** Largest answer that is read whole, in bytes. */
const maxAnswerBytes = 64 << 20;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Encoded path from the server's root. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** Time limit for the whole of it, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Asks the Kubernetes API. All reject with a `KubernetesError`. */
export interface ApiClient {
  readonly namespace: string | undefined;
  /** The answer's JSON. */
  json(request: ApiRequest): Promise<unknown>;
  /** The answer as text, with whatever status it has. */
  text(request: ApiRequest): Promise<{ readonly status: number; readonly body: string }>;
  /** The answer's lines, as they come. */
  lines(request: ApiRequest): AsyncIterable<string>;
}

const statusSchema = z.object({ reason: z.string().optional(), message: z.string().optional() });

export function apiClient(connection: Connection): ApiClient {
  const text: ApiClient['text'] = async (asked) => {
    const answer = await open(connection, asked);
    return { status: answer.statusCode ?? 0, body: await readText(answer) };
  };
  return {
    namespace: connection.namespace,
    text,
    async json(asked) {
      const { status, body } = await text(asked);
      if (status >= 400) throw failureOf(status, body);
      return parseJson(body);
    },
    async *lines(asked) {
      const answer = await open(connection, asked);
      const status = answer.statusCode ?? 0;
      if (status >= 400) throw failureOf(status, await readText(answer));
      try {
        yield* createInterface({ input: answer, crlfDelay: Infinity });
        // An aborted answer ends its lines without an error.
        if (!answer.complete) throw new KubernetesError(undefined, 'Unreachable', 'the connection was cut');
      } finally {
        answer.destroy();
      }
    },
  };
}

/** Sends a request and waits for the head of the answer. A kept connection that the server had closed is no failure: it is tried once more. */
async function open(connection: Connection, asked: ApiRequest): Promise<IncomingMessage> {
  try {
    return await send(connection, asked);
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.reason !== 'StaleConnection') throw error;
    return send(connection, asked);
  }
}

async function send({ server, options }: Connection, { method, path, query, body, contentType = 'application/json', accept = 'application/json', signal, timeoutMs = 30_000 }: ApiRequest): Promise<IncomingMessage> {
  const url = new URL(server);
  url.pathname = `${server.pathname.replace(/\/$/, '')}${path}`;
  url.search = query === undefined ? '' : new URLSearchParams(query).toString();
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const given = await options();
  const headers = { ...given.headers, accept, 'user-agent': 'icecore', ...(bytes === undefined ? {} : { 'content-type': contentType, 'content-length': String(bytes.length) }) };
  const limit = AbortSignal.timeout(timeoutMs);
  const ending = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  return new Promise((resolve, reject) => {
    const ask = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const sent = ask(url, { ...given, method, headers, signal: ending }, (answer) => {
      answer.on('error', () => undefined);
      resolve(answer);
    });
    sent.on('error', (error) => {
      const stale = sent.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(new KubernetesError(undefined, stale ? 'StaleConnection' : limit.aborted ? 'Timeout' : 'Unreachable', `the Kubernetes API does not answer: ${error.message}`, { cause: error }));
    });
    sent.end(bytes);
  });
}

async function readText(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of answer) {
      const bytes = Buffer.from(piece);
      length += bytes.length;
      if (length > maxAnswerBytes) throw new KubernetesError(answer.statusCode, 'TooLarge', `the answer has more than ${maxAnswerBytes} bytes`);
      pieces.push(bytes);
    }
  } catch (error) {
    if (error instanceof KubernetesError) throw error;
    throw new KubernetesError(undefined, 'Unreachable', `the connection was cut: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new KubernetesError(undefined, 'Malformed', 'the answer is not JSON', { cause: error });
  }
}

function failureOf(status: number, body: string): KubernetesError {
  const parsed = ((): z.infer<typeof statusSchema> => {
    try {
      return statusSchema.parse(JSON.parse(body));
    } catch {
      return {};
    }
  })();
  return new KubernetesError(status, parsed.reason ?? `Status${status}`, parsed.message ?? `the Kubernetes API answered ${status}: ${body.slice(0, 200)}`);
}
