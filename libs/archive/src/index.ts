export { type CheckpointArchive, openArchive, openNested, type OpenOptions } from './open-archive.ts';
export { type ArchiveEntry, type EntryType } from './entry.ts';
export { indexTar, type IndexOptions, type TarIndex } from './tar/index-tar.ts';
export { expand, type Expanded, type ExpandOptions } from './compression/expand.ts';
export { type Compression } from './compression/magic.ts';
export { type Engine } from './layout/engine.ts';
export { memorySpool, type Spool, type SpoolFile } from './spool.ts';
export { type ArchiveLimits, defaultArchiveLimits } from './limits.ts';
