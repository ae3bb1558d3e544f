import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, globSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The program that the image starts. */
export const entryPoint = ['/nodejs/bin/node', '/app/main.mjs'] as const;

/** `nonroot` of distroless images. */
export const nonRoot = { user: 65_532, group: 65_532 } as const;

/** Authorities of the machine that the image is made on: Debian's package ca-certificates. */
const authorities = 'etc/ssl/certs/ca-certificates.crt';

/** Folders that a container engine mounts over. */
const mountPoints = ['dev', 'proc', 'sys', 'tmp', 'etc/icecore', 'var/run/secrets/kubernetes.io/serviceaccount', 'var/lib'];

export interface ImageParts {
  /** Node's binary. */
  readonly node: string;
  /** The bundle's entry; the `.mjs` files beside it are its pieces. */
  readonly entry: string;
}

/**
 * Lays out the image's root file system in a folder that is not there yet, with nothing in it that
 * is not needed: Node with its shared libraries, the bundle, authorities, two accounts; no shell, no package manager. All of it is root's and writable by nobody else.
 */
export function assembleRootFileSystem(into: string, { node, entry }: ImageParts): void {
  if (existsSync(into)) throw new Error(`${into} is there already`);
  if (!existsSync(`/${authorities}`)) throw new Error(`/${authorities} is not there: install ca-certificates`);
  process.umask(0o022);
  for (const folder of mountPoints) mkdirSync(join(into, folder), { recursive: true, mode: 0o755 });
  copy(node, join(into, entryPoint[0]), 0o555);
  for (const library of sharedLibraries(node)) copy(realpathSync(library), join(into, library), 0o555);
  for (const piece of globSync('*.mjs', { cwd: dirname(entry) })) if (piece !== basename(entry)) copy(join(dirname(entry), piece), join(into, 'app', piece), 0o444);
  copy(entry, join(into, entryPoint[1]), 0o444);
  copy(realpathSync(`/${authorities}`), join(into, authorities), 0o444);
  writeFileSync(join(into, 'etc/nsswitch.conf'), 'hosts: files dns\n', { mode: 0o444 });
  writeFileSync(join(into, 'etc/passwd'), `root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:${nonRoot.user}:${nonRoot.group}:nonroot:/home/nonroot:/sbin/nologin\n`, { mode: 0o444 });
  writeFileSync(join(into, 'etc/group'), `root:x:0:\nnonroot:x:${nonRoot.group}:\n`, { mode: 0o444 });
}

/** Node as it goes into the image: the one that comes with the project's packages, else the one that runs this. */
export function nodeBinary(): string {
  try {
    return createRequire(import.meta.url).resolve(`node-linux-${process.arch}/bin/node`);
  } catch {
    return process.execPath;
  }
}

/** Shared libraries of a program, by the paths at which its loader looks for them; the loader is one. */
export function sharedLibraries(program: string): readonly string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return listed.split('\n').flatMap((line) => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}

function copy(from: string, to: string, mode: number): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
  copyFileSync(from, to);
  chmodSync(to, mode);
}
