/*
 * Measures what needs a cluster or real checkpoints, and prints it: from alert to sealed, and how long a container stands still.
 * With --json as one object, for whoever draws it. Where there can be no real checkpoint, those numbers are left out, and it is said why.
 */
import { join } from 'node:path';
import { LabMissingError, prepareLab, table } from '@icecore/lab';
import { repository } from '../command-line.ts';
import { measureRecorded, measureReal } from './alert-to-sealed.ts';
import { type Freeze, measureFreeze } from './freeze.ts';
import { quantile } from './quantile.ts';

const [alerts, realAlerts, rounds] = [40, 20, 3];
const sizes = [16, 64, 256, 1024];
const archive = join(repository, 'samples/podman-attack.tar.zst');
const asJson = process.argv.includes('--json');

const recorded = await measureRecorded(archive, alerts);
let missing: string | undefined;
let real: number[] = [];
let freeze: Freeze[] = [];
try {
  await prepareLab((line) => process.stderr.write(`lab: ${line}\n`));
  real = await measureReal(realAlerts);
  freeze = await measureFreeze(sizes, rounds);
} catch (error) {
  if (!(error instanceof LabMissingError)) throw error;
  missing = error.message;
}

if (asJson) process.stdout.write(`${JSON.stringify({ alertToSealedMs: { recorded, real }, freeze, ...(missing === undefined ? {} : { missing }) })}\n`);
else {
  const row = (what: string, times: readonly number[]): string[] => [what, String(times.length), ...[0.5, 0.95, 1].map((part) => (times.length === 0 ? '-' : `${quantile(times, part).toFixed(0)} ms`))];
  process.stdout.write(`${table([['FROM ALERT TO SEALED', 'ALERTS', 'P50', 'P95', 'MOST'], row('16 MiB archive, recorded', recorded), row('real checkpoint', real)])}\n\n`);
  const sized = sizes.map((mebibytes) => freeze.filter((each) => each.mebibytes === mebibytes)).filter((each) => each.length > 0);
  process.stdout.write(`${table([['MEMORY', 'FROZEN, LEAST', 'FROZEN, MEDIAN', 'WHOLE CHECKPOINT', 'ARCHIVE'], ...sized.map((each) => [`${each[0]?.mebibytes} MiB`, `${quantile(each.map(({ frozenMs }) => frozenMs), 0).toFixed(0)} ms`, `${quantile(each.map(({ frozenMs }) => frozenMs), 0.5).toFixed(0)} ms`, `${quantile(each.map(({ tookMs }) => tookMs), 0.5).toFixed(0)} ms`, `${((each[0]?.archiveBytes ?? 0) / 2 ** 20).toFixed(0)} MiB`])])}\n`);
  if (missing !== undefined) process.stdout.write(`real checkpoints: ${missing}\n`);
}
