export type { Confidence, EvidenceItem, Finding, Observation, Severity } from './finding.ts';
export { type Detector, detector, type Need } from './detector.ts';
export { detectors } from './detectors.ts';
export type { ExaminedFile, Examination, NodeProcess } from './examination.ts';
