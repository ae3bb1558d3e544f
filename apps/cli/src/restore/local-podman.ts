import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Podman } from '@icecore/local';

/** The podman of this machine. */
export const localPodman: Podman = {
  run: (words) =>
    new Promise((done, fail) => {
      execFile('podman', [...words], { encoding: 'utf8', timeout: 300_000, maxBuffer: 16 << 20 }, (error, output, errors) => {
        if (error === null) done({ status: 0, output, errors });
        else if (typeof error.code === 'number') done({ status: error.code, output, errors });
        else fail(error.code === 'ENOENT' ? Object.assign(new Error('podman is not installed'), { code: 'ENOENT' }) : error);
      });
    }),
  read: (path) => readFile(path, 'utf8').catch(() => undefined),
};
