import { campaignOf, maxResidentBytes, reproduction } from './mutations.ts';

describe('an archive with random damage', () => {
  it('is read or refused, quickly and in little memory', async () => {
    const { endings, defects, peakBytes } = await campaignOf(2000);
    expect(defects.map(reproduction)).toEqual([]);
    expect(endings.read + endings.refused).toBe(2000);
    expect(endings.read).toBeGreaterThan(1000);
    expect(endings.refused).toBeGreaterThan(10);
    expect(peakBytes).toBeLessThan(maxResidentBytes);
  }, 120_000);
});
