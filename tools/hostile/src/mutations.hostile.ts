import { campaignOf, maxResidentBytes, reproduction } from './mutations.ts';

const cases = Number(process.env['ICECORE_MUTATIONS'] ?? 100_000);

describe('archives with random damage', () => {
  it(`are read or refused, ${cases} of them, quickly and in little memory`, async () => {
    const { endings, defects, peakBytes } = await campaignOf(cases);
    expect(defects.map(reproduction)).toEqual([]);
    expect(endings.read + endings.refused).toBe(cases);
    expect(peakBytes).toBeLessThan(maxResidentBytes);
  });
});
