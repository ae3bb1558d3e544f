import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { MachineView, ProgramAnswer } from '@icecore/capture';
import { textFilesAt } from '@icecore/local';

/** Where nodes keep what decides about checkpoints. */
const places = {
  criu: '/etc/criu',
  runtime: ['/etc/containerd/config.toml', '/etc/containerd/conf.d', '/etc/crio/crio.conf', '/etc/crio/crio.conf.d'],
  kubelet: ['/var/lib/kubelet/config.yaml', '/etc/kubernetes/kubelet/config.json', '/etc/kubernetes/kubelet/kubelet-config.json'],
  checkpoints: '/var/lib/kubelet/checkpoints',
} as const;

const runtimes = ['containerd', 'crio', 'podman', 'runc', 'crun'] as const;
/** Largest configuration file that is read, in bytes. */
const maxFileBytes = 1 << 20;

/** Looks at the machine on which this runs, under `root`. */
export async function machineSight(leastFreeBytes: number, root = '/'): Promise<MachineView> {
  const at = (path: string): string => join(root, path);
  const asRoot = process.getuid?.() === 0;
  const versions = await Promise.all(runtimes.map(async (name) => [name, await ask(name, ['--version'])] as const));
  const configured = await Promise.all(places.kubelet.map((path) => readText(at(path))));
  return {
    name: hostname(),
    criuVersion: await ask('criu', ['--version']),
    criuCheck: asRoot ? await ask('criu', ['check']) : { code: undefined, output: '' },
    asRoot,
    runtimes: new Map(versions),
    criuFiles: (await textFilesAt(at(places.criu))) ?? [],
    runtimeFiles: (await Promise.all(places.runtime.map((path) => textFilesAt(at(path))))).flatMap((files) => files ?? []),
    kubelet: await ask('kubelet', ['--version']),
    kubeletConfiguration: configured.find((text) => text !== undefined),
    freeBytes: await freeBytes(at(places.checkpoints)),
    leastFreeBytes,
  };
}

/** Programs of a node lie where root's PATH has them. */
const path = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

function ask(program: string, words: readonly string[]): Promise<ProgramAnswer> {
  return new Promise((resolve) => {
    execFile(program, [...words], { timeout: 20_000, maxBuffer: 1 << 20, env: { PATH: path, LC_ALL: 'C' } }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.slice(0, 100_000);
      if (error === null) return resolve({ code: 0, output });
      if (error.code === 'ENOENT' || error.code === 'EACCES') return resolve({ code: undefined, output: '' });
      return resolve({ code: typeof error.code === 'number' ? error.code : 1, output: output === '' ? error.message : output });
    });
  });
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file)).subarray(0, maxFileBytes).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Of the file system that the folder is on, or will be. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return freeBytes(dirname(folder));
  }
}
