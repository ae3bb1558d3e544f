import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseChallenge } from './challenge.ts';
import { dockerCredentials, isLoopback, parseReference, RegistryError } from './index.ts';

const basic = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString('base64');

describe('a reference', () => {
  const read: [string, object][] = [
    ['registry.example/team/app:1.2', { host: 'registry.example', repository: 'team/app', tag: '1.2' }],
    ['docker://registry.example:5000/app', { host: 'registry.example:5000', repository: 'app', tag: 'latest' }],
    ['[::1]:5000/a/b:t', { host: '[::1]:5000', repository: 'a/b', tag: 't' }],
    ['docker.io/me/case:1', { host: 'registry-1.docker.io', repository: 'me/case', tag: '1' }],
  ];
  it.each(read)('%s is understood', (text, expected) => expect(parseReference(text)).toEqual(expected));

  it.each(['app', 'team/app:1', 'registry.example/App:1', 'registry.example/app:-x', 'registry.example/../x:1', 'http://registry.example/app', 'registry.example/', 'a b.c/d'])('%s is refused', (text) => {
    expect(() => parseReference(text)).toThrow(RegistryError);
  });

  it.each([['127.0.0.1:5000', true], ['localhost', true], ['[::1]:1', true], ['127.0.0.1.example', false], ['localhost.example', false], ['10.0.0.1', false]])('%s is this machine: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe('a challenge', () => {
  const cases: [string | null, object | undefined][] = [
    ['Basic realm="x"', { scheme: 'basic' }],
    ['Bearer realm="https://a.example/t",service="r",scope="repository:a/b:pull,push"', { scheme: 'bearer', realm: 'https://a.example/t', service: 'r', scope: 'repository:a/b:pull,push' }],
    ['bearer realm=https://a.example/t', { scheme: 'bearer', realm: 'https://a.example/t' }],
    ['Negotiate, Basic realm="y"', { scheme: 'basic' }],
    ['Negotiate', undefined],
    [null, undefined],
  ];
  it.each(cases)('%s', (header, expected) => (expected === undefined ? expect(parseChallenge(header)).toBeUndefined() : expect(parseChallenge(header)).toMatchObject(expected)));
});

describe('credentials', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'icecore-docker-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));
  const put = (path: string, content: unknown): string => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), typeof content === 'string' ? content : JSON.stringify(content));
    return join(home, path);
  };
  const reference = parseReference('registry.example:5000/team/app:1');
  const asked = (at = reference) => dockerCredentials(undefined, { HOME: home })(at);

  it('are none where there are no files', () => expect(asked()).toBeUndefined());

  const entries: [string, object, object | undefined][] = [
    ['of docker', { auths: { 'registry.example:5000': { auth: basic('u', 'p:w') } } }, { kind: 'password', username: 'u', password: 'p:w' }],
    ['with a scheme, as docker names them', { auths: { 'https://registry.example:5000/v2/': { auth: basic('u', 'p') } } }, { username: 'u' }],
    ['for a folder of repositories before those of the host', { auths: { 'registry.example:5000': { auth: basic('host', 'p') }, 'registry.example:5000/team': { auth: basic('team', 'p') } } }, { username: 'team' }],
    ['with an identity token', { auths: { 'registry.example:5000': { auth: basic('u', ''), identitytoken: 'it' } } }, { kind: 'identity', token: 'it' }],
    ['of other hosts are not given', { auths: { 'registry.example': { auth: basic('u', 'p') }, 'registry.example:5001': { auth: basic('u', 'p') } } }, undefined],
  ];
  it.each(entries)('%s', (_, content, expected) => {
    put('.docker/config.json', content);
    if (expected === undefined) expect(asked()).toBeUndefined();
    else expect(asked()).toMatchObject(expected);
  });

  it('of podman come before those of docker', () => {
    put('.docker/config.json', { auths: { 'registry.example:5000': { auth: basic('docker', 'p') } } });
    put('.config/containers/auth.json', { auths: { 'registry.example:5000': { auth: basic('podman', 'p') } } });
    expect(asked()).toMatchObject({ username: 'podman' });
  });

  it('of the hub are found under its old name', () => {
    put('.docker/config.json', { auths: { 'https://index.docker.io/v1/': { auth: basic('hub', 'p') } } });
    expect(asked(parseReference('docker.io/me/case:1'))).toMatchObject({ username: 'hub' });
  });

  it('that a helper program keeps are not had, and that is said', () => {
    put('.docker/config.json', { credsStore: 'desktop', auths: { 'registry.example:5000': {} } });
    expect(() => asked()).toThrow(/helper program/);
  });

  it.each(['{', '[]', '{"auths":{"registry.example:5000":{"auth":7}}}'])('a broken file is named, and not quoted: %s', (content) => {
    const path = put('.docker/config.json', content);
    expect(() => asked()).toThrow(`${path} is not a configuration`);
  });
});
