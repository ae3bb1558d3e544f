import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { configurationPlaces, type MachineView, type ProgramAnswer } from '@icecore/capture';
import { type TextFile, textFileAt, textFilesAt } from '@icecore/local';

/** What else a node keeps, from its root. */
const places = {
  kubelet: ['/var/lib/kubelet/config.yaml', '/etc/kubernetes/kubelet/config.json', '/etc/kubernetes/kubelet/kubelet-config.json'],
  checkpoints: '/var/lib/kubelet/checkpoints',
} as const;

const runtimes = ['containerd', 'crio', 'podman', 'runc', 'crun'] as const;

/** Looks at the machine on which this runs, under `root`. */
export async function machineSight(leastFreeBytes: number, root = '/'): Promise<MachineView> {
  const at = (path: string): string => join(root, path);
  const filesIn = async (wanted: readonly string[]): Promise<readonly TextFile[]> => (await Promise.all(wanted.map((path) => textFilesAt(at(path))))).flatMap((files) => files ?? []);
  const asRoot = process.getuid?.() === 0;
  const versions = await Promise.all(runtimes.map(async (name) => [name, await ask(name, ['--version'])] as const));
  const configured = await Promise.all(places.kubelet.map((path) => textFileAt(at(path))));
  return {
    name: hostname(),
    criuVersion: await ask('criu', ['--version']),
    criuCheck: asRoot ? await ask('criu', ['check']) : { code: undefined, output: '' },
    asRoot,
    runtimes: new Map(versions),
    criuFiles: await filesIn(configurationPlaces.criu),
    runtimeFiles: await filesIn(configurationPlaces.runtime),
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
