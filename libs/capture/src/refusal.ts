import { refusedCapture } from '@icecore/findings';
import type { DumpRefusal } from './dump-log.ts';
import type { CaptureStatus } from './resource.ts';

/** A checkpoint that CRIU refused is itself a finding: each of its reasons can be a trick against being captured. `refusal` is what its log told, where it was shown. */
export function findingOfRefusal(refusal: DumpRefusal | undefined, message: string): NonNullable<CaptureStatus['finding']> {
  const { id, version, signal, title, severity, falsePositives } = refusedCapture;
  const summary = refusal === undefined ? `the container could not be captured, and why is not known, for CRIU’s log was not shown: ${message}` : `the container could not be captured: ${refusal.words}; ${refusal.remedy}`;
  return {
    detector: id,
    detectorVersion: version,
    signal,
    title,
    severity,
    confidence: refusal === undefined ? 'medium' : 'high',
    summary: summary.slice(0, 2000),
    reason: `capture.refused.${refusal?.reason ?? 'unknown'}`,
    evidence: (refusal?.line ?? message).slice(0, 2000),
    falsePositives,
  };
}
