import type { Table } from '@icecore/lake';
import { findingTableDefinitions } from './finding-tables.ts';
import { snapshotTableDefinitions } from './snapshot-tables.ts';

/** Every table of the lake: what a snapshot fills, then what was found in it. */
export const allTables: readonly Table[] = [...snapshotTableDefinitions, ...findingTableDefinitions];
