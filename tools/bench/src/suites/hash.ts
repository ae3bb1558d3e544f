import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeLargeArchive } from '../large-archive.ts';
import { bestTimes, chain, type CommandLine, icecore, type Times, timesText } from '../measure.ts';
import { withS3Server } from '../s3-server.ts';
import type { Bench, Suite } from '../suite.ts';
import { sample } from './triage.ts';

const rounds = 3;
/** GiB of memory in the archive. */
const sizes = { folder: 1, s3: 0.25 } as const;

/** From an archive to sealed evidence. */
export const hash: Suite = {
  id: 'hash',
  title: 'Hash and upload',
  about: [
    `\`icecore seal ARCHIVE\` hashes the archive and each entry of it, ships it, locks it, reads it back and compares, and signs a ledger; a new vault each time, ${rounds} rounds.`,
    'Against `sha256sum ARCHIVE`, which only hashes, and against what a careful person does by hand: `sha256sum ARCHIVE`, `cp ARCHIVE COPY`, `sync COPY`, `sha256sum COPY`.',
    'S3 is the S3 server of the tests, in the memory of the same machine, which has the same processors to share.',
  ].join(' '),
  async run(bench) {
    const scale = Math.min(1, Math.max(...bench.sizes));
    await toFolder(bench, sizes.folder * scale);
    const done = await withS3Server(() => toS3(bench, sizes.s3 * scale).then(() => true));
    if (done === undefined) bench.miss('`seal` to S3', 'the S3 server of the tests does not run here');
  },
};

async function toFolder(bench: Bench, gib: number): Promise<void> {
  const archive = join(bench.folder, 'archive.tar');
  await writeLargeArchive(sample, archive, gib * 2 ** 30);
  const copy = join(bench.folder, 'copy.tar');
  const vault = join(bench.folder, 'vault');
  const seal = (round: number): CommandLine => icecore('seal', '--vault', `${vault}-${round}`, '--key', join(bench.folder, 'key.pem'), archive);
  const byHand = chain(['sha256sum', archive], ['cp', archive, copy], ['sync', copy], ['sha256sum', copy]);
  const [sealed, hashed, careful] = bestTimes([seal, () => ['sha256sum', archive], () => byHand], rounds);
  tell(bench, `\`seal\` to a folder, ${gib} GiB`, { sealed, hashed, careful });
  for (let round = 0; round < rounds; round += 1) rmSync(`${vault}-${round}`, { recursive: true });
  rmSync(copy);
  rmSync(archive);
}

async function toS3(bench: Bench, gib: number): Promise<void> {
  const archive = join(bench.folder, 'for-s3.tar');
  await writeLargeArchive(sample, archive, gib * 2 ** 30);
  const seal = (round: number): CommandLine => icecore('seal', '--vault', `s3://evidence/bench-${round}`, '--key', join(bench.folder, 'key.pem'), archive);
  const [sealed, hashed] = bestTimes([seal, () => ['sha256sum', archive]], rounds);
  tell(bench, `\`seal\` to S3, ${gib} GiB`, { sealed, hashed });
}

function tell(bench: Bench, what: string, { sealed, hashed, careful }: { readonly sealed: Times | undefined; readonly hashed: Times | undefined; readonly careful?: Times | undefined }): void {
  if (sealed === undefined || hashed === undefined) return;
  bench.tell(`${what}, against \`sha256sum\``, `${timesText(sealed)} against ${timesText(hashed)}`);
  if (careful !== undefined) bench.tell(`${what}, against the same by hand`, `${timesText(sealed)} against ${timesText(careful)}, ${(sealed.seconds / careful.seconds).toFixed(2)} of it`);
}
