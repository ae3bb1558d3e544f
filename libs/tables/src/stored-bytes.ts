import type { PageRun, PageSet } from '@icecore/memory';

type State = PageRun['state'];

/** Counts bytes of pages in ranges of page sets. Sums are kept, so that a count takes few steps however many runs. */
export function byteCounter(): (set: PageSet, state: State, start: number, end: number) => number {
  const sums = new Map<PageSet, ReadonlyMap<State, RunSums>>();
  return (set, state, start, end) => {
    let known = sums.get(set);
    if (known === undefined) {
      known = new Map((['stored', 'parent', 'lazy'] as const).map((each) => [each, runSums(set.runs, each)]));
      sums.set(set, known);
    }
    const of = known.get(state);
    return of === undefined ? 0 : Math.max(0, bytesBelow(of, end) - bytesBelow(of, start));
  };
}

/** Runs of one state, and the bytes of all runs before each. */
interface RunSums {
  readonly runs: readonly PageRun[];
  readonly before: readonly number[];
}

function runSums(all: readonly PageRun[], state: State): RunSums {
  const runs = all.filter((run) => run.state === state);
  const before: number[] = [];
  let sum = 0;
  for (const { start, end } of runs) {
    before.push(sum);
    sum += end - start;
  }
  return { runs, before };
}

function bytesBelow({ runs, before }: RunSums, address: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[middle]?.start ?? 0) < address) low = middle + 1;
    else high = middle;
  }
  const run = runs[low - 1];
  return run === undefined ? 0 : (before[low - 1] ?? 0) + Math.min(run.end, address) - run.start;
}
