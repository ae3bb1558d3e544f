import { type Gap } from '@icecore/bytes';

/** Gaps of one step, at most a number of them; the last one says how many more there were. */
export interface GapList {
  add(...gaps: readonly Gap[]): void;
  all(): Gap[];
}

export function gapList(maxGapCount: number): GapList {
  const kept: Gap[] = [];
  let more = 0;
  return {
    add(...gaps) {
      for (const gap of gaps) {
        if (kept.length < maxGapCount) kept.push(gap);
        else more += 1;
      }
    },
    all() {
      if (more === 0) return kept;
      return [...kept, { code: 'limit', subject: 'further gaps', reason: `${more} more gaps are not listed`, place: {} }];
    },
  };
}
