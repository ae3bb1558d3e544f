import { type Authorization, authorization } from './authorization.ts';
import type { Credential } from './docker-config.ts';
import { RegistryError } from './errors.ts';
import { type ImageReference, isLoopback } from './reference.ts';
import { pause, type Send } from './send.ts';

/** One registry, asked for one repository. */
export interface Connection {
  readonly reference: ImageReference;
  /** The URL of a path below `/v2/REPOSITORY/`. */
  url(path: string): URL;
  /** Where an answer sends to next. Throws a `RegistryError` where that is without TLS and nobody allowed it. */
  next(from: URL, response: Response): URL;
  /** One request with the credentials that it takes; redirects are followed. Statuses are the caller's to judge. */
  request(url: URL, init: RegistryRequest): Promise<Response>;
  /** The same, tried again where no answer comes, or one that says to try later. For what may be done twice. */
  retried(url: URL, init: RegistryRequest): Promise<Response>;
}

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

export interface ConnectionOptions {
  readonly credential: Credential | undefined;
  /** Speak without TLS also to what is not this machine. */
  readonly plainHttp: boolean;
  readonly send: Send;
  readonly signal?: AbortSignal;
}

const maxHops = 5;
export const maxAttempts = 6;

export function connect(reference: ImageReference, options: ConnectionOptions): Connection {
  const { host, repository } = reference;
  const { plainHttp, send, signal } = options;
  const base = new URL(`${plainHttp || isLoopback(host) ? 'http' : 'https'}://${host}/v2/${repository}/`);
  const who: Authorization = authorization({ ...options, host, repository });
  const next = (from: URL, response: Response): URL => {
    const location = response.headers.get('location');
    if (location === null || !URL.canParse(location, from.href)) throw new RegistryError('unexpected', `${host} does not say where to go on`);
    const url = new URL(location, from);
    // Registries behind a proxy that speaks TLS for them often do not know that it does.
    if (url.protocol === 'http:' && base.protocol === 'https:' && url.hostname === base.hostname) url.protocol = 'https:';
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (plainHttp || isLoopback(url.host)))) throw new RegistryError('refused', `${host} sends to ${url.origin}, which is without TLS`);
    return url;
  };
  const request: Connection['request'] = async (first, init) => {
    let url = first;
    for (let hops = 0; ; hops++) {
      // What the registry sends elsewhere carries its own leave in the URL; credentials stay with the registry.
      const own = url.origin === base.origin;
      const header = own ? who.header : undefined;
      const response = await send(url, { ...init, headers: { ...init.headers, ...(header === undefined ? {} : { authorization: header }) } });
      if (response.status === 401 && own && (await who.answer(response.headers.get('www-authenticate')))) {
        await response.body?.cancel();
        continue;
      }
      if (![301, 302, 307, 308].includes(response.status) || response.headers.get('location') === null) return response;
      if (hops >= maxHops) throw new RegistryError('unexpected', `${host} sends from one place to another more than ${maxHops} times`);
      await response.body?.cancel();
      url = next(url, response);
    }
  };
  return {
    reference,
    url: (path) => new URL(path, base),
    next,
    request,
    async retried(url, init) {
      for (let attempt = 1; ; attempt++) {
        try {
          const response = await request(url, init);
          if (!isTemporary(response.status) || attempt >= maxAttempts) return response;
          await response.body?.cancel();
        } catch (error) {
          if (!isUnreachable(error) || attempt >= maxAttempts) throw error;
        }
        await pause(attempt, signal);
      }
    },
  };
}

/** Too many requests, and faults of the server that pass. */
export function isTemporary(status: number): boolean {
  return status === 429 || status === 500 || status === 502 || status === 503 || status === 504;
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'unreachable';
}
