import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ManifestContainer } from './container.ts';
import { entryPoint, sharedLibraries } from './root-file-system.ts';

/** A process in the image's root file system, as a container engine would start it. */
export interface RunningContainer {
  readonly child: ChildProcess;
  /** Pid of the container's first process, as the node sees it. */
  pid(): number;
  /** Lines of /proc/PID/status by their name. */
  status(): ReadonlyMap<string, string>;
  /** What it wrote, both streams. */
  output(): string;
  readonly ended: Promise<number | null>;
}

/** What a manifest's volume is, on this machine, with the mode of its mount. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  readonly readOnly: boolean;
}

/**
 * Starts the container without an engine: mount, pid, ipc and uts namespaces of its own, the root file system and the mounts
 * as the manifest has them, then user, groups, no capabilities and no new privileges. What an engine adds to that and this
 * does not is seccomp's filter, cgroups, and a network of its own.
 */
export function runContainer(root: string, { user, group, fsGroup, args, env }: ManifestContainer, mounts: readonly Mount[]): RunningContainer {
  // The last step down is made within the root file system, where there is no program for it but this one.
  const setpriv = '/usr/bin/setpriv';
  const probe = [setpriv, ...sharedLibraries(setpriv).filter((each) => each.includes('libcap-ng'))];
  for (const { to } of mounts) mkdirSync(join(root, to), { recursive: true });
  mkdirSync(join(root, 'probe'), { recursive: true });
  const groups = fsGroup === undefined ? ['--clear-groups'] : [`--groups=${fsGroup}`];
  const script = [
    'set -e',
    'mount --bind "$ROOT" "$ROOT"',
    ...mounts.flatMap(({ from, to, readOnly }) => [`mount --bind '${from}' "$ROOT${to}"`, ...(readOnly ? [`mount -o remount,ro,bind "$ROOT${to}"`] : [])]),
    'mount -t proc proc "$ROOT/proc"',
    'mount -t tmpfs -o mode=755 tmpfs "$ROOT/dev"',
    'for each in null zero random urandom; do touch "$ROOT/dev/$each"; mount --bind "/dev/$each" "$ROOT/dev/$each"; done',
    'mount -t tmpfs tmpfs "$ROOT/probe"',
    ...probe.map((file) => `cp -L '${file}' "$ROOT/probe/"`),
    'mount -o remount,ro,bind "$ROOT/probe"',
    'mount -o remount,ro,bind "$ROOT"',
    `exec chroot "$ROOT" /probe/setpriv --reuid=${user} --regid=${group} ${groups.join(' ')} --bounding-set=-all --inh-caps=-all --no-new-privs ${[...entryPoint, ...args].join(' ')}`,
  ].join('\n');
  const child = spawn('unshare', ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--propagation', 'private', '/bin/sh', '-c', script], {
    env: { ...env, ROOT: root, LD_LIBRARY_PATH: '/probe', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const pid = (): number => Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0]);
  return {
    child,
    pid,
    status: () => new Map(readFileSync(`/proc/${pid()}/status`, 'utf8').split('\n').map((line) => [line.split(':')[0] ?? '', line.split(':').slice(1).join(':').trim()] as const)),
    output: () => written,
    ended: new Promise((resolve) => child.on('close', (code) => resolve(code))),
  };
}
