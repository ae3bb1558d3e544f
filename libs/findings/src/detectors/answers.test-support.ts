import type { Detector } from '../detector.ts';
import { type Scene, seen } from '../examination.test-support.ts';

/** A scene, and the processes that a detector names in it, each with its confidence: `23 high`; none for a near miss. */
export type Case = readonly [what: string, scene: Scene, told: readonly string[]];

/** One test a case: what the detector says, no more and no less. */
export function answers(detector: Detector, cases: readonly Case[]): void {
  describe(`${detector.signal} ${detector.title}`, () => {
    it.each(cases.map(([what, scene, told]) => [told.length > 0 ? 'tells' : 'passes over', what, scene, told] as const))('%s %s', (_verb, _what, scene, told) => {
      const observations = seen(detector, scene);
      expect(observations.map(({ pid, confidence }) => `${pid ?? '-'} ${confidence}`).sort()).toEqual([...told].sort());
      for (const { evidence, summary } of observations) {
        expect(evidence.length).toBeGreaterThan(0);
        expect(summary).not.toMatch(/undefined|(?<!\/dev\/)null|\.$/);
      }
    });
  });
}
