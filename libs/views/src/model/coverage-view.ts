import type { DetectorCoverage } from '@icecore/findings';
import { formatPlace, type Gap } from '@icecore/bytes';
import type { EvidenceText, TextMaker } from './text.ts';

/** Most gaps of a kind that a page lists. */
export const maxShownGaps = 200;

export interface GapView {
  readonly subject: EvidenceText;
  readonly reason: EvidenceText;
  /** Where in the archive; empty where it is no place in it. */
  readonly place: EvidenceText;
  readonly code: Gap['code'];
}

/** What could not be seen, and who could not look. */
export interface CoverageView {
  /** Damage, and limits that were passed. */
  readonly damage: readonly GapView[];
  readonly damageCount: number;
  /** What no archive of this kind can hold. */
  readonly notCaptured: readonly GapView[];
  readonly detectors: readonly (Pick<DetectorCoverage, 'detector' | 'signal' | 'state' | 'findings'> & { readonly reason: EvidenceText | undefined })[];
  readonly ran: number;
  readonly scannedBytes: number | undefined;
}

export function coverageView(gaps: readonly Gap[], coverage: readonly DetectorCoverage[], scannedBytes: number | undefined, { text }: TextMaker): CoverageView {
  const view = ({ subject, reason, place, code }: Gap): GapView => ({ subject: text(subject), reason: text(reason), place: text(formatPlace(place).replace(/: $/, '')), code });
  const damage = gaps.filter(({ code }) => code !== 'not_captured');
  return {
    damage: damage.slice(0, maxShownGaps).map(view),
    damageCount: damage.length,
    notCaptured: gaps.filter(({ code }) => code === 'not_captured').slice(0, maxShownGaps).map(view),
    detectors: coverage.map(({ detector, signal, state, reason, findings }) => ({ detector, signal, state, reason: reason === undefined ? undefined : text(reason), findings })),
    ran: coverage.filter(({ state }) => state === 'ran').length,
    scannedBytes,
  };
}
