import { decodePagemap } from '@icecore/criu';
import { manyEntries } from '../large-archive.ts';
import type { Suite } from '../suite.ts';

const entries = 1_000_000;
const rounds = 15;

/** How fast images are decoded. */
export const decoding: Suite = {
  id: 'decoding',
  title: 'Decoding',
  about: 'In this process, without a start.',
  async run({ promise }) {
    const bytes = manyEntries(entries);
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round++) {
      const start = process.hrtime.bigint();
      if (decodePagemap(bytes, 'pagemap-1.img').count !== entries) throw new Error('entries were lost');
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e9);
    }
    promise('pagemap entries decoded a second', `${(entries / best / 1e6).toFixed(1)} million`, 'at least 5 million', entries / best >= 5e6);
  },
};
