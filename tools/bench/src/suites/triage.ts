import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '@icecore/bytes';
import { writeLargeArchive } from '../large-archive.ts';
import { bestOfRounds, bestTimes, chain, type CommandLine, icecore, readBytesOf, timesText, usageOf } from '../measure.ts';
import { critPeer, hasProgram } from '../peers/peers.ts';
import type { Bench, Suite } from '../suite.ts';

/** Words that responders look for, all in the sample’s memory; how long grep takes depends on their letters. */
const literals = ['AKIAIOSFODNN7EXAMPLE', 'BEGIN RSA PRIVATE KEY', 'stratum+tcp://'] as const;
/** The archive whose memory is repeated. */
export const sample = 'samples/podman-attack.tar.zst';
/** One GiB is compared with peers. */
const comparedGib = 1;
const rounds = 15;
/** Of peers that write all of the archive to a disk. */
const unpackingRounds = 3;
const mebibyte = 2 ** 20;

/** What is seen at first sight, and a word in all of memory; time, bytes read and memory against size. */
export const triage: Suite = {
  id: 'triage',
  title: 'Triage and search',
  about: [
    `\`icecore show ARCHIVE\` and \`icecore search ARCHIVE WORD\` against \`grep -c -a WORD ARCHIVE\`, ${rounds} rounds. Archives are plain tar.`,
    'Without icecore, what `show` tells is had by hand: `tar -xf ARCHIVE`, then `crit x checkpoint ps`, `fds` and `mems` (crit is CRIU’s own',
    `reader), ${unpackingRounds} rounds; or by \`checkpointctl inspect --all\`, where it is installed.`,
  ].join(' '),
  async run(bench) {
    const shown: [number, number][] = [];
    const read: [number, number][] = [];
    for (const gib of bench.sizes) {
      const path = join(bench.folder, `${gib}.tar`);
      await writeLargeArchive(sample, path, gib * 2 ** 30);
      if (gib === comparedGib || bench.sizes.length === 1) {
        compare(bench, path, gib);
        compareByHand(bench, path, gib);
      }
      const show = icecore('show', path);
      const usage = usageOf(show);
      const [seconds = 0] = bestOfRounds([show], 5);
      shown.push([gib, seconds * 1000]);
      read.push([gib, usage.readBytes / mebibyte]);
      const share = usage.readBytes / (gib * 2 ** 30);
      if (gib >= 1) bench.promise(`bytes that \`show\` reads, ${gib} GiB`, `${formatBytes(usage.readBytes)}, ${(100 * share).toFixed(2)} %`, 'under 1 %', share < 0.01);
      peak(bench, `show\`, ${gib} GiB`, usage.peakBytes);
      peak(bench, `search\`, ${gib} GiB`, usageOf(icecore('search', path, literals[0])).peakBytes);
      rmSync(path);
    }
    bench.plot({ title: 'Triage against size', x: 'memory in the archive, GiB', y: 'milliseconds', lines: [{ name: 'show', points: shown }] });
    bench.plot({ title: 'Bytes read against size', x: 'memory in the archive, GiB', y: 'MiB', lines: [{ name: 'show', points: read }] });
  },
};

function peak(bench: Bench, what: string, bytes: number): void {
  bench.promise(`peak memory of \`${what}`, formatBytes(bytes), 'under 256 MiB', bytes < 256 * mebibyte);
}

function compare(bench: Bench, path: string, gib: number): void {
  for (const literal of literals) {
    const grep: CommandLine = ['grep', '-c', '-a', literal, path];
    const [show = 0, search = 0, peer = 0] = bestOfRounds([icecore('show', path), icecore('search', path, literal), grep], rounds);
    const ratio = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms, ${(seconds / peer).toFixed(2)} of ${(peer * 1000).toFixed(0)} ms`;
    bench.promise(`\`show\`, ${gib} GiB, against \`grep -c -a '${literal}'\``, ratio(show), 'under 0.25', show < peer / 4);
    bench.promise(`\`search '${literal}'\`, UTF-8 and UTF-16, every hit, ${gib} GiB, against the same`, ratio(search), 'at most 1', search <= peer);
  }
}

/** Against what people do without icecore. */
function compareByHand(bench: Bench, path: string, gib: number): void {
  const unpacked = join(bench.folder, 'unpacked');
  mkdirSync(unpacked);
  const show = icecore('show', '--processes', '--files', '--memory', path);
  const crit = critPeer();
  if ('missing' in crit) bench.miss(`\`tar\` and \`crit\`, ${gib} GiB`, crit.missing);
  else {
    const images = join(unpacked, 'checkpoint');
    const unpack = ['rm', '-rf', unpacked] as const;
    against(bench, gib, show, { name: '`tar` and `crit`', command: chain(unpack, ['mkdir', unpacked], ['tar', '-xf', path, '-C', unpacked], crit('x', images, 'ps'), crit('x', images, 'fds'), crit('x', images, 'mems')) });
  }
  if (hasProgram('checkpointctl')) against(bench, gib, show, { name: '`checkpointctl inspect --all`', command: ['checkpointctl', 'inspect', '--all', path] });
  else bench.miss(`\`checkpointctl inspect --all\`, ${gib} GiB`, 'there is no checkpointctl; Debian has no package of it');
  rmSync(unpacked, { recursive: true });
}

function against(bench: Bench, gib: number, show: CommandLine, { name, command }: { readonly name: string; readonly command: CommandLine }): void {
  const [own, peer] = bestTimes([() => show, () => command], unpackingRounds);
  if (own === undefined || peer === undefined) return;
  bench.promise(`\`show --processes --files --memory\`, ${gib} GiB, against ${name}`, `${timesText(own)} against ${timesText(peer)}, ${(peer.seconds / own.seconds).toFixed(0)} times`, 'at least 5 times', own.seconds * 5 <= peer.seconds);
  bench.tell(`bytes read for it, ${gib} GiB, against ${name}`, `${formatBytes(readBytesOf(show))} against ${formatBytes(readBytesOf(command))}`);
}
