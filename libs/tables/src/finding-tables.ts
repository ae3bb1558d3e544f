import type { Columns, RowOf, Table, ValuesOf } from '@icecore/lake';
import type { Detection } from '@icecore/findings';
import type { ScanHit } from '@icecore/scan';
import type { SecretKey } from '@icecore/secrets';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { type CaptureOrigin, captureOf } from './capture.ts';
import { findingRows, findingsTable } from './finding-tables/findings.ts';
import { historyRows, indicatorRows, indicatorsTable, matchRows, memoryMatchesTable, secretRows, secretsTable, shellHistoryTable } from './finding-tables/hits.ts';
import { coverageRows, detectorCoverageTable, incidentRows, incidentsTable } from './finding-tables/incidents.ts';
import { redactedRow, redaction, secretsOf } from './redaction.ts';

/** The tables that detection and the memory scan fill. */
export const findingTableDefinitions: readonly Table[] = [findingsTable, incidentsTable, detectorCoverageTable, indicatorsTable, secretsTable, shellHistoryTable, memoryMatchesTable];

/** A table and all of its rows, in no particular order. */
export interface FilledFindingTable {
  readonly table: Table;
  readonly rows: readonly RowOf<Table>[];
}

/** The rows of what was found in a capture, table by table. */
export function findingTables(snapshot: Pick<ContainerSnapshot, 'container'> & Partial<Pick<ContainerSnapshot, 'processes'>>, origin: CaptureOrigin, detection: Detection, hits: readonly ScanHit[], key: SecretKey): readonly FilledFindingTable[] {
  const { row: capture } = captureOf(snapshot, origin);
  const clean = redaction(key, secretsOf(snapshot));
  const filled = (table: Table, rows: readonly ValuesOf<Columns>[]): FilledFindingTable => ({ table, rows: rows.map((row) => ({ ...redactedRow(row, clean), ...capture })) });
  return [
    filled(findingsTable, findingRows(detection.findings, detection.incidents)),
    filled(incidentsTable, incidentRows(detection.incidents)),
    filled(detectorCoverageTable, coverageRows(detection.coverage)),
    filled(indicatorsTable, indicatorRows(hits)),
    filled(secretsTable, secretRows(hits)),
    filled(shellHistoryTable, historyRows(hits)),
    filled(memoryMatchesTable, matchRows(hits)),
  ];
}
