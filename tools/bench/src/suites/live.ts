import { type Freeze, LabMissingError, measureFreeze, measureRecorded, measureReal, prepareLab, quantile } from '@icecore/rehearsal';
import { formatBytes } from '@icecore/bytes';
import type { Bench, Suite } from '../suite.ts';
import { sample } from './triage.ts';

const alerts = { recorded: 40, real: 20 } as const;
const mebibytes = [16, 64, 256, 1024];
const rounds = 3;

/** From the alert to sealed evidence, and how long a container stands still for it. */
export const live: Suite = {
  id: 'live',
  title: 'From the alert to sealed evidence',
  about: `Both roles of the trigger as processes, stand-ins of the cluster, a vault in a folder; alerts one after another. An alert is sealed when its checkpoint was taken, hashed, shipped, read back and compared, and the node’s copy removed. Real checkpoints are taken by podman and CRIU in [the lab](../tools/lab), whose CRIU steps by system calls, which takes longer than on a node. How long a container stood still is CRIU’s own number.`,
  async run(bench) {
    tellSealed(bench, `${sample}, recorded`, await measureRecorded(sample, alerts.recorded));
    try {
      await prepareLab((line) => process.stderr.write(`lab: ${line}\n`));
    } catch (error) {
      if (!(error instanceof LabMissingError)) throw error;
      bench.miss('real checkpoints', error.message);
      return;
    }
    tellSealed(bench, 'a real checkpoint of a small container', await measureReal(alerts.real));
    const { measured, missed } = await measureFreeze(mebibytes, rounds);
    tellFreeze(bench, measured);
    for (const { mebibytes: size, reason } of missed) bench.miss(`container stands still, ${size} MiB of memory written`, reason);
  },
};

function tellSealed({ tell }: Bench, what: string, times: readonly number[]): void {
  const at = (part: number): string => `${quantile(times, part).toFixed(0)} ms`;
  tell(`alert to sealed, ${what}, ${times.length} alerts`, `p50 ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)}`);
}

function tellFreeze({ tell, plot }: Bench, freezes: readonly Freeze[]): void {
  const sized = mebibytes.map((size) => freezes.filter((each) => each.mebibytes === size));
  const median = (each: readonly Freeze[], value: (freeze: Freeze) => number): number => quantile(each.map(value), 0.5);
  for (const each of sized) {
    const [first] = each;
    if (first === undefined) continue;
    tell(`container stands still, ${first.mebibytes} MiB of memory written, median of ${each.length}`, `${median(each, ({ frozenMs }) => frozenMs).toFixed(0)} ms; the whole checkpoint ${median(each, ({ tookMs }) => tookMs).toFixed(0)} ms, ${formatBytes(first.archiveBytes)}`);
  }
  const line = (name: string, value: (freeze: Freeze) => number) => ({ name, points: sized.flatMap((each) => (each[0] === undefined ? [] : [[each[0].mebibytes, median(each, value)] as const])) });
  plot({ title: 'Freeze against memory', x: 'memory, MiB', y: 'time, ms', lines: [line('frozen', ({ frozenMs }) => frozenMs), line('whole checkpoint', ({ tookMs }) => tookMs)] });
}
