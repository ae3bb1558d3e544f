import { asJson, type Comparison, comparison, type Difference } from './comparison.ts';
import { type Capture, corpusArchives, corpusNote, openCapture, truthOf } from './corpus.ts';
import { explanationsFor } from './explanations.ts';
import type { Process } from '@icecore/snapshot';
import type { Truth, TruthProcess } from './truth.ts';

/** Compares one aspect of every archive that has a ground truth; differences must be explained in `differences.json`. */
export function againstTruth(topic: string, title: string, compare: (capture: Capture, truth: Truth, facts: Comparison) => Promise<void> | void): void {
  describe(`${title} (${corpusNote})`, () => {
    const explanations = explanationsFor(topic);
    for (const archive of corpusArchives) {
      const truth = truthOf(archive);
      if (truth === undefined) continue;
      it(`are those of the running container: ${archive.name}`, async () => {
        const facts = comparison();
        await compare(await openCapture(archive), truth, facts);
        expect(shown(explanations.unexplained(archive.name, facts.differences))).toEqual([]);
        expect(facts.compared).toBeGreaterThan(0);
      });
    }
    it('have no explanation that explains nothing', () => {
      expect(explanations.unused()).toEqual([]);
    });
  });
}

/** The same for each process that both sides know. */
export function eachProcess(topic: string, title: string, compare: (process: Process, truth: TruthProcess, facts: Comparison, capture: Capture) => Promise<void> | void): void {
  againstTruth(topic, title, async (capture, { processes }, facts) => {
    for (const truth of processes) {
      const process = capture.snapshot.processes.find(({ pid }) => pid === truth.ns_pid);
      if (process !== undefined) await compare(process, truth, facts, capture);
    }
  });
}

/** Lines, so that a failing test lists all of them. */
export function shown(differences: readonly Difference[]): string[] {
  return differences.map(({ subject, field, truth, icecore }) => `${subject}, ${field}: truth ${text(truth)}, icecore ${text(icecore)}`);
}

function text(value: unknown): string {
  const whole = asJson(value);
  return whole.length > 400 ? `${whole.slice(0, 400)}…` : whole;
}
