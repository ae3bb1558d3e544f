import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '@icecore/bytes';
import { writeLargeArchive } from '../large-archive.ts';
import { type CommandLine, icecore, usageOf } from '../measure.ts';
import type { Suite } from '../suite.ts';
import { sample } from './triage.ts';

/** In GiB. */
const sizes = [0.25, 1, 2];
const mebibyte = 2 ** 20;
/** A node's agent, a small virtual machine and a laptop have that much to spare. */
const promised = 512 * mebibyte;

/** The commands whose work grows with the archive, by name. */
const commands: readonly (readonly [name: string, command: (archive: string, folder: string) => CommandLine])[] = [
  ['show', (archive) => icecore('show', archive)],
  ['search', (archive) => icecore('search', archive, 'stratum')],
  ['strings', (archive) => icecore('strings', archive)],
  ['findings', (archive) => icecore('findings', archive)],
  ['analyze', (archive, folder) => icecore('analyze', '--lake', join(folder, 'lake'), '--secret-key', join(folder, 'secret-key'), archive)],
  ['seal', (archive, folder) => icecore('seal', '--vault', join(folder, 'vault'), '--key', join(folder, 'key.pem'), archive)],
  ['core', (archive, folder) => icecore('core', archive, '1', '--output', join(folder, 'core'))],
];

/** How much memory the commands take at most. */
export const memory: Suite = {
  id: 'memory',
  title: 'Memory',
  about: 'The most memory that a command holds at once (`VmHWM` of proc(5), with Node’s own 45 MiB and all threads), against the memory in the archive. Archives are plain tar.',
  async run(bench) {
    const own = bench.sizes.length > 1 ? sizes : bench.sizes;
    const points = commands.map(([name]) => ({ name, points: [] as [number, number][] }));
    for (const gib of own) {
      const archive = join(bench.folder, `${gib}.tar`);
      await writeLargeArchive(sample, archive, gib * 2 ** 30);
      commands.forEach(([, command], i) => {
        const output = join(bench.folder, 'output');
        mkdirSync(output);
        points[i]?.points.push([gib, usageOf(command(archive, output)).peakBytes / mebibyte]);
        rmSync(output, { recursive: true });
      });
      rmSync(archive);
    }
    for (const { name, points: peaks } of points) {
      const most = Math.max(...peaks.map(([, mebibytes]) => mebibytes * mebibyte));
      bench.promise(`\`${name}\`, ${peaks.map(([gib]) => gib).join(', ')} GiB`, peaks.map(([, mebibytes]) => formatBytes(mebibytes * mebibyte)).join(', '), 'under 512 MiB', most < promised);
    }
    bench.plot({ title: 'Peak memory against size', x: 'memory in the archive, GiB', y: 'MiB', lines: points });
  },
};
