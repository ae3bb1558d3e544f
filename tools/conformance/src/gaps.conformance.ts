import { formatGap } from '@icecore/bytes';
import { shown } from './against-truth.test-support.ts';
import { comparison } from './comparison.ts';
import { corpusArchives, corpusNote, openCapture } from './corpus.ts';
import { explanationsFor } from './explanations.ts';

describe(`sound archives (${corpusNote})`, () => {
  const explanations = explanationsFor('gaps');
  for (const corpusArchive of corpusArchives) {
    it(`have no gaps but what no archive holds: ${corpusArchive.name}`, async () => {
      const { snapshot } = await openCapture(corpusArchive);
      const facts = comparison();
      const found = [...snapshot.gaps, ...(await snapshot.changedFiles()).gaps].filter(({ code }) => code !== 'not_captured');
      for (const gap of found) facts.check(gap.subject, gap.code, undefined, formatGap(gap));
      expect(shown(explanations.unexplained(corpusArchive.name, facts.differences))).toEqual([]);
      expect(snapshot.gaps.length).toBeGreaterThan(found.length);
    });
  }
  it('have no explanation that explains nothing', () => {
    expect(explanations.unused()).toEqual([]);
  });
});
