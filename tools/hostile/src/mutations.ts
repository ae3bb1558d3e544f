import { availableParallelism } from 'node:os';
import { runCampaign, type CampaignReport } from './campaign.ts';

/** Most that a process may have resident while it reads hostile archives of a few hundred kilobytes. */
export const maxResidentBytes = 512 << 20;

/** `ICECORE_SEED` repeats a campaign; without it each day has its own. */
export const seed = Number(process.env['ICECORE_SEED'] ?? Math.floor(Date.now() / 86_400_000));

/** Runs a campaign and says how it went. */
export async function campaignOf(cases: number): Promise<CampaignReport> {
  const start = performance.now();
  const report = await runCampaign({ seed, cases, maxCaseTime: 5000, processes: Math.min(4, availableParallelism()) });
  const { endings, slowest, peakBytes } = report;
  const seconds = (performance.now() - start) / 1000;
  process.stderr.write(
    `${cases} mutated archives (seed ${seed}) in ${seconds.toFixed(1)} s: ${endings.read} read, ${endings.refused} refused; ` +
      `slowest case ${slowest.number} with ${slowest.took.toFixed(0)} ms, peak resident ${(peakBytes / 2 ** 20).toFixed(0)} MiB\n`,
  );
  return report;
}

/** A defect with the command that shows it again. */
export function reproduction({ number, error }: CampaignReport['defects'][number]): string {
  return `${error}\nagain: node tools/hostile/src/batch.ts ${seed} ${number} 1`;
}
