import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How a sender proves that it may raise alerts. Several may be set; one that holds is enough. */
export interface Credentials {
  /** Tokens that are accepted in `Authorization: Bearer`. */
  readonly bearerTokens: readonly string[];
  /** Keys of senders that sign, by the id that they send. */
  readonly hmacKeys: ReadonlyMap<string, string>;
  /** A client certificate that the server's authority signed is enough. */
  readonly clientCertificates: boolean;
}

/** What of a request counts. */
export interface Proof {
  /** Header values by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Subject of the client certificate that the connection verified; undefined without one. */
  readonly certificateSubject: string | undefined;
}

export type Authentication = { readonly allowed: true; readonly sender: string } | { readonly allowed: false; readonly status: 401 | 403; readonly reason: string };

/** How far a signature's time may be from the server's clock, in milliseconds. */
export const replayWindowMs = 5 * 60_000;
/** Most signatures that are remembered against replay; the oldest are dropped first, and are then outside the window or refused by rate. */
export const maxRememberedSignatures = 100_000;

/**
 * Checks the proofs of a request. A signature is `x-icecore-signature: t=SECONDS,key=ID,v1=HEX`, an HMAC-SHA256 over
 * `SECONDS.BODY`; it counts once within the window.
 */
export function authenticator(credentials: Credentials, now: () => number): (proof: Proof) => Authentication {
  const seen = new Map<string, number>();
  const tokens = credentials.bearerTokens.map(digest);
  return ({ headers, body, certificateSubject }) => {
    if (certificateSubject !== undefined && credentials.clientCertificates) return { allowed: true, sender: `certificate ${certificateSubject}` };
    const bearer = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1];
    if (bearer !== undefined) {
      const given = digest(bearer);
      // All tokens are compared, so that time tells nothing of which one was near.
      const matches = tokens.filter((token) => timingSafeEqual(token, given)).length > 0;
      return matches ? { allowed: true, sender: 'bearer token' } : { allowed: false, status: 401, reason: 'the token is not known' };
    }
    const signature = headers['x-icecore-signature'];
    if (signature === undefined) return { allowed: false, status: 401, reason: 'needs a client certificate, a bearer token or a signature' };
    return checkSignature(signature, body, credentials.hmacKeys, now(), seen);
  };
}

function checkSignature(header: string, body: Uint8Array, keys: ReadonlyMap<string, string>, now: number, seen: Map<string, number>): Authentication {
  const parts = new Map(header.split(',').map((part) => [part.split('=')[0]?.trim(), part.split('=')[1]] as const));
  const [seconds, keyId, hex] = [parts.get('t'), parts.get('key') ?? '', parts.get('v1')];
  if (seconds === undefined || hex === undefined || !/^\d{1,12}$/.test(seconds) || !/^[0-9a-f]{64}$/.test(hex)) {
    return { allowed: false, status: 401, reason: 'the signature has not the form t=SECONDS,key=ID,v1=HEX' };
  }
  const key = keys.get(keyId);
  const expected = createHmac('sha256', key ?? 'no such key').update(`${seconds}.`).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(hex, 'hex')) || key === undefined) return { allowed: false, status: 401, reason: 'the signature does not hold' };
  if (Math.abs(now - Number(seconds) * 1000) > replayWindowMs) return { allowed: false, status: 401, reason: 'the signature is outside the replay window' };
  forgetOld(seen, now);
  if (seen.has(hex)) return { allowed: false, status: 403, reason: 'the request was sent before' };
  seen.set(hex, now);
  return { allowed: true, sender: `key ${keyId}` };
}

function forgetOld(seen: Map<string, number>, now: number): void {
  for (const [signature, at] of seen) {
    if (now - at <= 2 * replayWindowMs && seen.size < maxRememberedSignatures) break;
    seen.delete(signature);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
