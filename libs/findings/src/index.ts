export type { Confidence, EvidenceItem, Finding, Observation, Severity } from './finding.ts';
export { type Detector, detector, type Need } from './detector.ts';
export type { ExaminedFile, Examination, NodeProcess } from './examination.ts';
export { examine, type ExamineOptions, maxExaminedBytes } from './examine.ts';
export { allDetectors } from './detectors.ts';
export { compareFindings, detect, type Detection, type DetectorCoverage, maxFindingsPerDetector } from './detect.ts';
export type { Incident } from './incidents.ts';
export { gradedSeverity, severities, severityId } from './severity.ts';
export { attackVersion, currentTechnique, formerTechniques, tacticsOf, type Technique, techniqueOf } from './attack.ts';
