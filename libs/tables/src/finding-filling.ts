import type { Gap } from '@icecore/bytes';
import type { DetectorCoverage, Finding, Incident } from '@icecore/findings';
import { type CaptureRow, type Columns, defineTable, type RowOf, type Table, type TableDefinition, type ValuesOf } from '@icecore/lake';
import type { ScanHit } from '@icecore/scan';
import { fitted } from './fitted.ts';

/** What an examination of a capture gave. */
export interface Examined {
  readonly findings: readonly Finding[];
  readonly incidents: readonly Incident[];
  readonly coverage: readonly DetectorCoverage[];
  /** Hits of the scan; undefined where it did not run. */
  readonly hits: readonly ScanHit[] | undefined;
}

/** What the rows of the tables of findings are made from. */
export interface FindingFilling extends Examined {
  readonly capture: CaptureRow;
  /** Gets what could not become a value. */
  readonly gaps: Gap[];
}

/** A table together with how an examination fills it. */
export interface FindingTable {
  readonly table: Table;
  /** The rows, in the order of the table's `sortBy`. */
  rows(from: FindingFilling): Iterable<RowOf<Table>>;
}

type Fill<Row> = (from: FindingFilling) => Iterable<Row>;

/** Defines a table and how it is filled; `fill` gives the table's own columns in the order of `sortBy`. */
export function findingTable<const Own extends Columns>(definition: TableDefinition<Own>, fill: Fill<ValuesOf<NoInfer<Own>>>): FindingTable;
export function findingTable(definition: TableDefinition<Columns>, fill: Fill<ValuesOf<Columns>>): FindingTable {
  const table = defineTable(definition);
  return {
    table,
    *rows(from) {
      for (const row of fill(from)) yield { ...fitted(table, row, from.gaps), ...from.capture };
    },
  };
}
