import { analysisCost, assumptions, type Cost, costOf, prices, recordedDurations, workOf } from '@icecore/cloud/scale';
import type { Suite } from '../suite.ts';

const sizes = [1, 10, 100];
const plotted = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 100];

/** What a capture costs in AWS, a GiB of its memory. */
export const cost: Suite = {
  id: 'cost',
  title: 'Cost per GiB',
  about: [
    'Not measured in AWS: computed from the durations of each step that were recorded here, and from list prices.',
    `Both, and what else is assumed (a processor ${assumptions.slowdown} times as slow, for one), are on [the page about scale](scale.md); the sizes of functions are those that the stack deploys.`,
  ].join(' '),
  async run({ tell, plot }) {
    const recorded = recordedDurations();
    const each = (gib: number): Cost => costOf(workOf(recorded, gib));
    for (const gib of sizes) {
      const total = each(gib);
      tell(`a capture of ${gib} GiB, for each GiB`, `analysis ${dollars(analysisCost(total) / gib)} (functions ${dollars(total.lambda / gib)}, states ${dollars(total.stepFunctions / gib)}, requests ${dollars(total.requests / gib)}), replication ${dollars(total.replication / gib)}, kept for the first month ${dollars(total.firstMonth / gib)}, for each later ${dollars(total.eachMonth / gib)}`);
    }
    tell('durations of', recorded.measuredAt);
    tell('prices of', prices.date);
    plot({ title: 'Cost of an analysis against size', x: 'memory, GiB', y: 'US dollars for each GiB', lines: [{ name: 'analysis', points: plotted.map((gib) => [gib, analysisCost(each(gib)) / gib]) }] });
  },
};

const dollars = (value: number): string => `$${value.toFixed(4)}`;
