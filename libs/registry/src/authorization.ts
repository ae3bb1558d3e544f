import { z } from 'zod';
import { parseChallenge } from './challenge.ts';
import type { Credential } from './docker-config.ts';
import { RegistryError } from './errors.ts';
import { isLoopback } from './reference.ts';
import { readBounded, type Send } from './send.ts';

const token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** Answers challenges of one registry for one repository. */
export interface Authorization {
  /** Value of the `Authorization` header as things stand; undefined before the first challenge. */
  readonly header: string | undefined;
  /** Takes up the challenge of an answer of 401; false where the same was answered before, so that asking again is no use. */
  answer(challenge: string | null): Promise<boolean>;
}

export interface AuthorizationOptions {
  readonly host: string;
  readonly repository: string;
  readonly credential: Credential | undefined;
  readonly plainHttp: boolean;
  readonly send: Send;
}

/** Tries of one push: tokens run out while a large layer goes up, and are then asked for anew. */
const maxAnswers = 100;

export function authorization(options: AuthorizationOptions): Authorization {
  const { credential } = options;
  let header: string | undefined;
  let answers = 0;
  return {
    get header() {
      return header;
    },
    async answer(text) {
      const challenge = parseChallenge(text);
      if (challenge === undefined || ++answers > maxAnswers) return false;
      if (challenge.scheme === 'basic') {
        const basic = basicOf(credential);
        if (basic === undefined || basic === header) return false;
        header = basic;
        return true;
      }
      const before = header;
      header = `Bearer ${await askToken(challenge, options)}`;
      return header !== before;
    },
  };
}

async function askToken(challenge: { readonly realm: string; readonly service: string | undefined; readonly scope: string | undefined }, options: AuthorizationOptions): Promise<string> {
  const { host, repository, credential, plainHttp, send } = options;
  const url = URL.canParse(challenge.realm) ? new URL(challenge.realm) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && (isLoopback(url.host) || plainHttp));
  if (url === undefined || !isSafe) throw new RegistryError('refused', `${host} sends for a token to "${challenge.realm.slice(0, 200)}", which is not asked without TLS`);
  const scope = challenge.scope ?? `repository:${repository}:pull,push`;
  let response: Response;
  if (credential?.kind === 'identity') {
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: credential.token, scope, client_id: 'icecore', ...(challenge.service === undefined ? {} : { service: challenge.service }) });
    response = await send(url, { method: 'POST', body: form.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  } else {
    if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
    for (const each of scope.split(' ')) url.searchParams.append('scope', each);
    const basic = basicOf(credential);
    response = await send(url, { headers: basic === undefined ? {} : { authorization: basic } });
  }
  const body = await readBounded(response);
  if (!response.ok) throw new RegistryError(response.status === 401 || response.status === 403 ? 'refused' : 'unexpected', `${url.host} gives no token for ${host}/${repository}: HTTP ${response.status}`);
  const parsed = token.safeParse(parsedJson(body));
  const value = parsed.success ? (parsed.data.token ?? parsed.data.access_token) : undefined;
  if (value === undefined || !/^[\x21-\x7e]+$/.test(value)) throw new RegistryError('unexpected', `${url.host} answers with something else than a token`);
  return value;
}

function basicOf(credential: Credential | undefined): string | undefined {
  return credential?.kind === 'password' ? `Basic ${Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64')}` : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
