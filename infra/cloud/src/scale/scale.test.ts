import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { executionSeconds, stepLimits, verifySliceBytes } from '@icecore/pipeline';
import { scaleDocument } from './document.ts';
import { lineOf, recordedDurations } from './durations.ts';
import { costOf, paperConcurrency, paperWallSeconds } from './paper.ts';
import { arrivalsOf, simulate } from './simulate.ts';
import { profileOf, type Work, workOf } from './work.ts';

const recorded = recordedDurations();
const places = (each: number): Parameters<typeof simulate>[1] => ({ verify: each, inventory: each, decode: each, scan: each, detect: each, tables: each, publish: each, quarantine: each });
const alone = (work: Work): number => simulate([{ at: 0, work }], places(1000)).wallSeconds[0] ?? 0;

it('docs/scale.md is what the recorded durations give (npx nx scale @icecore/cloud writes it)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../../docs/scale.md'), 'utf8')).toBe(scaleDocument(recorded));
});

describe('the simulation', () => {
  it.each([0.1, 1, 10, 100])('of one capture of %d GiB takes as long as on paper', (memoryGiB) => {
    const work = workOf(recorded, memoryGiB);
    // On paper each wave of a Map is as long as its longest call.
    expect(alone(work)).toBeLessThanOrEqual(paperWallSeconds(work) + 1e-6);
    expect(alone(work)).toBeGreaterThan(0.95 * paperWallSeconds(work));
  });

  it('has as many calls at once on average as Little’s law says', () => {
    const work = workOf(recorded, 1);
    const arrivals = arrivalsOf(1000, 10, 7);
    const { busySeconds, waitedSeconds } = simulate(arrivals.map((at) => ({ at, work })), places(1000));
    for (const step of ['verify', 'scan', 'detect'] as const) expect(busySeconds[step] / (10 * 3600)).toBeCloseTo(paperConcurrency(work, arrivals.length / 10, step), 6);
    expect(waitedSeconds).toBe(0);
  });

  it('lets calls wait where there is no place, first come first served', () => {
    const work: Work = { memoryGiB: 1, stages: [[{ step: 'verify', seconds: 10 }], [{ step: 'scan', seconds: 5 }, { step: 'scan', seconds: 7 }]] };
    const { wallSeconds, peak, waitedSeconds } = simulate([{ at: 0, work }, { at: 1, work }], places(1));
    // The first: verify 2 to 12, its scans 12.1 to 17.1 and 17.1 to 24.1. The second: verify 12 to 22, and its scans 24.1 to 29.1 and 29.1 to 36.1.
    expect(wallSeconds.map((each) => Number(each.toFixed(3)))).toEqual([24.1, 35.1]);
    expect(peak.scan).toBe(1);
    // 9 for verify; 5 for the first capture's second scan; 2 and 7 for the second capture's.
    expect(waitedSeconds).toBeCloseTo(9 + 5 + 2 + 7);
  });

  it('never has more at once than there are places, loses no capture, and works as long as the work is', () => {
    fc.assert(fc.property(fc.array(fc.record({ at: fc.double({ min: 0, max: 100, noNaN: true }), size: fc.constantFrom(0.1, 1, 3) }), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (given, each) => {
      const arrivals = given.map(({ at, size }) => ({ at, work: workOf(recorded, size) }));
      const { wallSeconds, peak, busySeconds } = simulate(arrivals, places(each));
      const scans = arrivals.flatMap(({ work }) => work.stages.flat()).reduce((sum, call) => (call.step === 'scan' ? sum + call.seconds : sum), 0);
      return Object.values(peak).every((most) => most <= each) && wallSeconds.every((wall, at) => wall >= alone(arrivals[at]!.work) - 1e-6) && Math.abs(busySeconds.scan - scans) < 1e-6;
    }), { numRuns: 30 });
  });
});

describe('what the definition promises', () => {
  it.each([1, 100])('each call of a capture of %d GiB ends in its function’s time, and all in the execution’s', (memoryGiB) => {
    const work = workOf(recorded, memoryGiB);
    for (const { step, seconds } of work.stages.flat()) expect(seconds).toBeLessThan(stepLimits[step].functionSeconds);
    expect(paperWallSeconds(work)).toBeLessThan(executionSeconds);
  });

  it('a call of verify has time to spare for its slice', () => {
    const [first] = workOf(recorded, 1000).stages.flat();
    expect(first?.seconds).toBeLessThan(0.75 * stepLimits.verify.functionSeconds);
    expect(verifySliceBytes % 64).toBe(0);
  });

  it('there is a largest capture, and one beyond it does not fit', () => {
    const { largestGiB } = profileOf(recorded, executionSeconds, paperWallSeconds);
    expect(largestGiB).toBeGreaterThan(100);
    expect(paperWallSeconds(workOf(recorded, 1.05 * largestGiB))).toBeGreaterThan(executionSeconds);
  });

  it('a call that is slower than its time is found', () => {
    const slow = { ...recorded, hashing: { ...recorded.hashing, resumableMiBPerSecond: 10 } };
    expect(profileOf(slow, executionSeconds, paperWallSeconds)).toMatchObject({ first: 'verify' });
  });

  it('costs grow with the capture', () => {
    const [small, large] = [costOf(workOf(recorded, 1)), costOf(workOf(recorded, 100))];
    for (const part of ['lambda', 'stepFunctions', 'requests', 'replication', 'firstMonth', 'eachMonth'] as const) expect(large[part]).toBeGreaterThan(10 * small[part]);
  });
});

it('a line goes through points that lie on one', () => {
  const point = (memoryMiB: number, verify: number): (typeof recorded.runs)[number] => ({ memoryMiB, archiveBytes: 1, processorSeconds: { verify, inventory: 0, decode: 0, scan: 0, detect: 0, tables: 0, publish: 0 } });
  const { base, perGiB } = lineOf({ ...recorded, runs: [point(1024, 3), point(2048, 5), point(4096, 9)] }, 'verify');
  expect([base, perGiB]).toEqual([expect.closeTo(1), expect.closeTo(2)]);
});
