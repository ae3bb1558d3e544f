import type { Gap } from '@icecore/bytes';
import { type Columns, defineTable, type RowOf, type Table, type TableDefinition, type ValuesOf } from '@icecore/lake';
import type { ContainerSnapshot } from '@icecore/snapshot';
import type { Capture } from './capture.ts';
import { fitted } from './fitted.ts';
import { type Redaction, redactedRow } from './redaction.ts';

/** What the rows of a table are made from. */
export interface Filling {
  readonly snapshot: ContainerSnapshot;
  readonly capture: Capture;
  /** What could not become a value; the gaps that the snapshot itself knows are not repeated here. */
  readonly gaps: Gap[];
  /** Takes secrets out of every text; what `fill` gives goes through it in any case. */
  readonly redaction: Redaction;
  /** Bytes of file content that may still be read for hashes. */
  readonly hashing: { bytesLeft: number };
}

/** A table together with how a snapshot fills it. */
export interface FilledTable {
  readonly table: Table;
  /** The rows, in the order of the table's `sortBy`. */
  rows(from: Filling): AsyncIterable<RowOf<Table>>;
}

type Fill<Row> = (from: Filling) => Iterable<Row> | AsyncIterable<Row>;

/**
 * Defines a table and how it is filled. `fill` gives the table's own columns, in the order of `sortBy`, with numbers
 * as the evidence has them: those that a column cannot hold become NULL and a gap here.
 */
export function filledTable<const Own extends Columns>(definition: TableDefinition<Own>, fill: Fill<ValuesOf<NoInfer<Own>>>): FilledTable;
export function filledTable(definition: TableDefinition<Columns>, fill: Fill<ValuesOf<Columns>>): FilledTable {
  const table = defineTable(definition);
  return {
    table,
    async *rows(from) {
      for await (const row of fill(from)) yield { ...redactedRow(fitted(table, row, from.gaps), from.redaction), ...from.capture.row };
    },
  };
}
