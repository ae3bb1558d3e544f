import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RegistryError } from './errors.ts';
import type { ImageReference } from './reference.ts';

/** What a registry is told to know who asks. */
export type Credential =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token (`identitytoken`), given to the token server. */
  | { readonly kind: 'identity'; readonly token: string };

/** The credential for an image, or undefined for none: then it is asked for anonymously. Throws a `RegistryError` (`usage`). */
export type Credentials = (reference: ImageReference) => Credential | undefined;

const account = z.object({ auth: z.string().optional(), username: z.string().optional(), password: z.string().optional(), identitytoken: z.string().optional() });
const configuration = z.object({
  auths: z.record(z.string(), account).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});
type Configuration = z.infer<typeof configuration>;

/**
 * Credentials from the files that `docker login` and `podman login` write: the one that is named, or the first that has the host
 * of `REGISTRY_AUTH_FILE`, podman's `auth.json`, and docker's `config.json`.
 */
export function dockerCredentials(authFile?: string, env: Readonly<Record<string, string | undefined>> = process.env): Credentials {
  if (authFile !== undefined && !existsSync(authFile)) throw new RegistryError('usage', `${authFile} is not there`);
  const paths = authFile === undefined ? usualPaths(env) : [authFile];
  return (reference) => {
    let helped: string | undefined;
    for (const path of paths.filter((each) => existsSync(each))) {
      const config = readConfiguration(path);
      const found = credentialIn(config, reference, path);
      if (found !== undefined) return found;
      if (isHelped(config, reference)) helped ??= path;
    }
    if (helped === undefined) return undefined;
    throw new RegistryError('usage', `${helped} leaves the credentials of ${reference.host} to a helper program, which icecore does not run; name a file that holds them`);
  };
}

function usualPaths(env: Readonly<Record<string, string | undefined>>): string[] {
  const { REGISTRY_AUTH_FILE: named, XDG_RUNTIME_DIR: runtime, DOCKER_CONFIG: docker } = env;
  const home = env['HOME'] ?? homedir();
  return [
    ...(named === undefined ? [] : [named]),
    ...(runtime === undefined ? [] : [join(runtime, 'containers/auth.json')]),
    join(home, '.config/containers/auth.json'),
    join(docker ?? join(home, '.docker'), 'config.json'),
  ];
}

function readConfiguration(path: string): Configuration {
  try {
    return configuration.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // No cause: the message of a parser may quote the file.
    throw new RegistryError('usage', `${path} is not a configuration of docker or podman`);
  }
}

/** The most particular entry wins: podman's files may name a repository, or the folders above it. */
function credentialIn(config: Configuration, reference: ImageReference, path: string): Credential | undefined {
  const entries = new Map(Object.entries(config.auths ?? {}).map(([name, entry]) => [withoutScheme(name), entry]));
  for (const name of namesOf(reference)) {
    const entry = entries.get(name);
    if (entry === undefined) continue;
    if (entry.identitytoken !== undefined && entry.identitytoken !== '') return { kind: 'identity', token: entry.identitytoken };
    const pair = entry.auth === undefined || entry.auth === '' ? undefined : Buffer.from(entry.auth, 'base64').toString('utf8').replace(/\0+$/, '');
    const colon = pair?.indexOf(':') ?? -1;
    if (pair !== undefined && colon > 0) return { kind: 'password', username: pair.slice(0, colon), password: pair.slice(colon + 1) };
    if (entry.username !== undefined && entry.password !== undefined) return { kind: 'password', username: entry.username, password: entry.password };
    if (pair !== undefined) throw new RegistryError('usage', `${path}: the entry of ${name} holds no user and password`);
  }
  return undefined;
}

function isHelped(config: Configuration, reference: ImageReference): boolean {
  return config.credsStore !== undefined || namesOf(reference).some((name) => config.credHelpers?.[name] !== undefined);
}

function namesOf({ host, repository }: ImageReference): string[] {
  const parts = repository.split('/');
  const names = parts.map((_, i) => [host, ...parts.slice(0, parts.length - i)].join('/'));
  return [...names, host, ...(host === 'registry-1.docker.io' ? ['docker.io', 'index.docker.io'] : [])];
}

/** `https://index.docker.io/v1/` is how docker names its hub. */
function withoutScheme(name: string): string {
  return name.replace(/^https?:\/\//, '').replace(/\/v[12]\/?$/, '').replace(/\/$/, '');
}
