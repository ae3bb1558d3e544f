import type { Finding, Observation, Severity } from './finding.ts';
import type { Examination } from './examination.ts';

/** What a detector reads besides the snapshot itself. Where it was not had, the coverage says that the detector was blind. */
export type Need = 'memory_scan' | 'changed_files' | 'specification' | 'node_processes' | 'dump_log' | 'image';

/** One rule, as data and a pure function: one file each under `detectors/`. */
export interface Detector {
  /** kebab-case; the name of its file: `reverse-shell`. */
  readonly id: string;
  /** Number in the signal reference: `S17`. */
  readonly signal: string;
  readonly title: string;
  /** Counts up with each change of what it finds. */
  readonly version: number;
  /** ATT&CK technique ids, version 19. */
  readonly techniques: readonly string[];
  /** Severity at high confidence in a container without special exposure. */
  readonly severity: Severity;
  readonly category: Finding['category'];
  readonly needs: readonly Need[];
  /** What harmless thing looks the same, for the reader of a finding. */
  readonly falsePositives: string;
  detect(examination: Examination): Iterable<Observation>;
}

/** Declares a detector. */
export function detector(definition: Detector): Detector {
  return definition;
}
