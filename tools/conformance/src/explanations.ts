import { readFileSync } from 'node:fs';
import { asJson, type Difference } from './comparison.ts';

/** Why a difference is right. All patterns are regular expressions over the whole text. */
export interface Explanation {
  /** Name of the test file that it is for. */
  readonly topic: string;
  readonly archives: string;
  readonly subject: string;
  readonly field: string;
  /** What the truth says, as JSON; anything where it is left out. The same for `icecore`. */
  readonly truth?: string;
  readonly icecore?: string;
  readonly reason: string;
}

const all: readonly Explanation[] = JSON.parse(readFileSync(new URL('differences.json', import.meta.url), 'utf8'));

/** The explanations of one topic, and which of them were needed. */
export interface Explanations {
  /** Those of the differences that no explanation covers. */
  unexplained(archive: string, differences: readonly Difference[]): Difference[];
  /** Explanations for archives that were looked at which covered nothing. */
  unused(): Explanation[];
}

export function explanationsFor(topic: string): Explanations {
  const own = all.filter((each) => each.topic === topic);
  const used = new Set<Explanation>();
  const seen = new Set<string>();
  return {
    unexplained(archive, differences) {
      seen.add(archive);
      return differences.filter((difference) => {
        const covering = own.find((each) => covers(each, archive, difference));
        if (covering !== undefined) used.add(covering);
        return covering === undefined;
      });
    },
    unused: () => own.filter((each) => !used.has(each) && [...seen].some((archive) => isWhole(each.archives, archive))),
  };
}

function covers(explanation: Explanation, archive: string, { subject, field, truth, icecore }: Difference): boolean {
  return (
    isWhole(explanation.archives, archive) &&
    isWhole(explanation.subject, subject) &&
    isWhole(explanation.field, field) &&
    isWhole(explanation.truth ?? '.*', asJson(truth)) &&
    isWhole(explanation.icecore ?? '.*', asJson(icecore))
  );
}

function isWhole(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 's').test(text);
}
