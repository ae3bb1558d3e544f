export { type CoreReport, writeCore } from './write-core.ts';
export type { CoreSink } from './core-sink.ts';
export { maxCoreBytes, maxSegmentCount, type MemoryCoverage } from './segments.ts';
export { maxFileNoteBytes } from './file-note.ts';
