import { RegistryError } from './errors.ts';

/** Where an image goes: `registry.example/team/app:tag`. */
export interface ImageReference {
  /** Host and port of the registry: `registry.example:5000`. */
  readonly host: string;
  /** `team/app`. */
  readonly repository: string;
  readonly tag: string;
}

const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
/** Names of repositories (distribution-spec, "Pulling manifests"). */
const repositoryPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Reads `[docker://]HOST[:PORT]/REPOSITORY[:TAG]`; the tag is `latest` where there is none. Throws a `RegistryError` (`usage`). */
export function parseReference(text: string): ImageReference {
  const bare = text.replace(/^docker:\/\//, '');
  const slash = bare.indexOf('/');
  const host = bare.slice(0, Math.max(0, slash));
  const path = bare.slice(slash + 1);
  const colon = path.lastIndexOf(':');
  const repository = colon === -1 ? path : path.slice(0, colon);
  const tag = colon === -1 ? 'latest' : path.slice(colon + 1);
  // A first part without a dot, a port or the name localhost is a repository of Docker Hub in docker's own reading; nobody's evidence should go there by a slip.
  if (!hostPattern.test(host) || !/[.:]|^localhost$/.test(host)) throw new RegistryError('usage', `${text} does not begin with the host of a registry`);
  if (!repositoryPattern.test(repository) || repository.length > 255) throw new RegistryError('usage', `${text}: "${repository}" is no name of a repository`);
  if (!tagPattern.test(tag)) throw new RegistryError('usage', `${text}: "${tag}" is no tag`);
  return { host: host === 'docker.io' ? 'registry-1.docker.io' : host, repository, tag };
}

/** True for an address of this machine itself, which nobody on the way can listen to. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(name) || name === '[::1]';
}
