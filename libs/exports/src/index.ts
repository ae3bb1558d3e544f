export type { CaseCapture, CaseEvent, CaseEvidence, CaseFile, CaseFileSet, CaseFinding, CaseGap, CaseIncident, CaseIndicator, CaseProcess } from './case-file.ts';
export { maxNamedCaptures, readCase } from './read-case.ts';
export { detectionFindings, type DetectionFinding, ocsfVersion, type Product } from './ocsf.ts';
export { securityLakeFiles, type SecurityLakeFile, type SecurityLakeSource } from './ocsf-parquet.ts';
export { timesketchLines } from './timesketch.ts';
export { csvLines } from './csv.ts';
export { type StixBundle, stixBundle, type StixObject } from './stix.ts';
export { markdownReport } from './markdown.ts';
export { type ExportCode, ExportError, isExportError } from './errors.ts';
