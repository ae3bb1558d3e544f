export { type Capture, captureIdOf, type CaptureOrigin, captureOf } from './capture.ts';
export { allTables } from './all-tables.ts';
export { decodedSnapshotTables, gapTable, snapshotTableDefinitions, snapshotTables, type SnapshotTablesOptions, type TableRows } from './snapshot-tables.ts';
export { type FilledFindingTable, findingTableDefinitions, findingTables } from './finding-tables.ts';
export { maxHashedBytes } from './content-hash.ts';
export { maxPeerCount } from './tables/sockets.ts';
export { maxNetlinkImageBytes } from './network-images.ts';
export { tablesDocument } from './document.ts';
export { addressKey, networkKeys } from './address-key.ts';
