import type { Gap } from '@icecore/bytes';
import type { CaptureRow, RowOf, Table } from '@icecore/lake';
import type { Examined, FindingFilling, FindingTable } from './finding-filling.ts';
import { detectorCoverage } from './tables/detector-coverage.ts';
import { findings } from './tables/findings.ts';
import { incidents } from './tables/incidents.ts';
import { indicators } from './tables/indicators.ts';
import { secrets } from './tables/secrets.ts';
import { shellHistory } from './tables/shell-history.ts';
import { watchMatches } from './tables/watch-matches.ts';
import { yaraMatches } from './tables/yara-matches.ts';

const filledTables: readonly FindingTable[] = [findings, incidents, detectorCoverage, indicators, secrets, shellHistory, watchMatches, yaraMatches];

/** The tables that an examination fills, in the order in which `findingTables` gives them. */
export const findingTableDefinitions: readonly Table[] = filledTables.map(({ table }) => table);

/** A table and its rows, which come in the order of the table's `sortBy`. */
export interface FindingTableRows {
  readonly table: Table;
  readonly rows: Iterable<RowOf<Table>>;
}

/** The rows of what was found in a capture, table by table; `gaps` gets what could not become a value. */
export function* findingTables(examined: Examined, capture: CaptureRow, gaps: Gap[]): Iterable<FindingTableRows> {
  const filling: FindingFilling = { ...examined, capture, gaps };
  for (const { table, rows } of filledTables) yield { table, rows: rows(filling) };
}
