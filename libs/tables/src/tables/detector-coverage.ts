import { integer, nullable, text, type ValuesOf } from '@icecore/lake';
import { type FindingFilling, findingTable } from '../finding-filling.ts';
import { sortedBy } from '../values.ts';

const columns = {
  detector: text('Rule.'),
  detector_version: integer('Version of the rule.'),
  signal: text('Number of the rule in the signal reference.'),
  state: text('ran; blind: the capture lacks what the rule looks at; failed: a defect of icecore.'),
  reason: nullable(text('Why it did not run; NULL where it did.')),
  finding_count: integer('Number of findings.'),
};

export const detectorCoverage = findingTable(
  { name: 'detector_coverage', description: 'Whether a rule could look at a capture: no finding of a blind rule does not mean that nothing was there.', version: 1, columns, sortBy: ['detector'] },
  function* ({ coverage }: FindingFilling): Iterable<ValuesOf<typeof columns>> {
    for (const { detector, version, signal, state, reason, findings } of sortedBy(coverage, (each) => each.detector)) {
      yield { detector, detector_version: version, signal, state, reason: reason ?? null, finding_count: findings };
    }
  },
);
