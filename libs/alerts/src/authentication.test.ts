import { describe, expect, it, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { authenticator, type Credentials, type Proof, replayWindowMs } from './index.ts';

const credentials: Credentials = { bearerTokens: ['first-token', 'second-token'], hmacKeys: new Map([['falco', 'a key']]), clientCertificates: true };
const body = Buffer.from('{"rule":"x"}');
const at = 1_793_628_453;
const signed = (key: string, seconds: number, over: Uint8Array = body): string =>
  `t=${seconds},key=falco,v1=${createHmac('sha256', key).update(`${seconds}.`).update(over).digest('hex')}`;
const proof = (headers: Proof['headers'], certificateSubject?: string): Proof => ({ headers, body, certificateSubject });

describe('who may raise alerts', () => {
  test.each<[string, Proof, boolean]>([
    ['a known token', proof({ authorization: 'Bearer second-token' }), true],
    ['an unknown token', proof({ authorization: 'Bearer third-token' }), false],
    ['an empty token', proof({ authorization: 'Bearer ' }), false],
    ['another scheme', proof({ authorization: 'Basic Zmlyc3QtdG9rZW4=' }), false],
    ['nothing', proof({}), false],
    ['a client certificate', proof({}, 'CN=falcosidekick'), true],
    ['a signature', proof({ 'x-icecore-signature': signed('a key', at) }), true],
    ['a signature with another key', proof({ 'x-icecore-signature': signed('another key', at) }), false],
    ['a signature over other bytes', proof({ 'x-icecore-signature': signed('a key', at, Buffer.from('{}')) }), false],
    ['a signature of a key that is not there', proof({ 'x-icecore-signature': signed('a key', at).replace('falco', 'other') }), false],
    ['a signature that is cut', proof({ 'x-icecore-signature': signed('a key', at).slice(0, -2) }), false],
    ['a signature from before the window', proof({ 'x-icecore-signature': signed('a key', at - replayWindowMs / 1000 - 1) }), false],
    ['a signature from after the window', proof({ 'x-icecore-signature': signed('a key', at + replayWindowMs / 1000 + 1) }), false],
    ['a signature at the edge of the window', proof({ 'x-icecore-signature': signed('a key', at - replayWindowMs / 1000) }), true],
  ])('%s', (_what, given, allowed) => {
    expect(authenticator(credentials, () => at * 1000)(given).allowed).toBe(allowed);
  });

  it('counts a signature once', () => {
    const check = authenticator(credentials, () => at * 1000);
    const given = proof({ 'x-icecore-signature': signed('a key', at) });
    expect(check(given)).toEqual({ allowed: true, sender: 'key falco' });
    expect(check(given)).toMatchObject({ allowed: false, status: 403 });
  });

  it('refuses everybody where nothing is set', () => {
    const check = authenticator({ bearerTokens: [], hmacKeys: new Map(), clientCertificates: false }, () => at * 1000);
    for (const given of [proof({}), proof({}, 'CN=x'), proof({ authorization: 'Bearer x' }), proof({ 'x-icecore-signature': signed('no such key', at) })]) {
      expect(check(given).allowed).toBe(false);
    }
  });
});
