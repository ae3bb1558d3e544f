import { isParent } from './compacted-part.ts';
import { sha256Of } from './compaction-id.ts';
import { countingOf, type DayState, isCompacted, lakeDays, type LakePart, readIfThere } from './lake-days.ts';
import { type CompactionLimits, compactionLimits, planDay } from './plan.ts';
import { partPath } from '../partition.ts';
import type { LakeStore } from '../ports.ts';
import type { Table } from '../table.ts';
import type { Day } from './record.ts';
import { settleDay } from './settle.ts';
import { partNotes } from './stored-rows.ts';
import { type LeftPart, writeCompaction } from './write-compaction.ts';

/** How a lake is compacted. */
export interface CompactOptions {
  readonly store: LakeStore;
  /** Tables that are compacted; parts of others are left as they are. */
  readonly tables: readonly Table[];
  readonly clock: () => Date;
  /**
   * Longest time that a query may take, in seconds: so long new parts are there before they count, and so long the parts that
   * they were made from stay. 0 where readers notice a compaction by themselves, as `duckdbEngine` does.
   */
  readonly graceSeconds: number;
  readonly limits?: Partial<CompactionLimits>;
  /** Days that are looked at; all where it is not given. Days are independent of each other. */
  readonly only?: (day: Day) => boolean;
  /** Once it says so no further compaction is begun; the next run goes on. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a run did. */
export interface CompactReport {
  /** Compactions whose parts were written, and the parts that went in. */
  readonly written: number;
  readonly inputParts: number;
  readonly outputParts: number;
  /** Compactions that count from now on. */
  readonly switched: number;
  /** Parts that were removed, for their rows lie in others. */
  readonly removedParts: number;
  /** Compactions that are written, or count, and whose next step has to wait for the queries that may be running. */
  readonly waiting: number;
  readonly left: readonly LeftPart[];
  /** False where the run was ended before its work was. */
  readonly done: boolean;
}

/**
 * Moves the rows of many small parts into few large ones, day by day of each tenant. At any moment each row counts once, for
 * whoever reads through the views that `duckdbView` and `athenaView` make: also where a run is killed, or two run at once.
 */
export async function compactLake(options: CompactOptions): Promise<CompactReport> {
  const total: Mutable = { written: 0, inputParts: 0, outputParts: 0, switched: 0, removedParts: 0, waiting: 0, left: [], done: true };
  const look = async (): Promise<readonly DayState[]> => (await lakeDays(options.store)).filter((day) => options.only?.(day) !== false);
  const days = await look();
  await settle(days, options, total);
  for (const [at, day] of days.entries()) {
    options.onProgress?.(at, days.length);
    if (!(await compactDay(day, options, total))) {
      total.done = false;
      break;
    }
  }
  if (options.graceSeconds === 0 && total.written + total.switched > 0) {
    // One look for what was written to count, one for what it was made from to go.
    for (let time = 0; time < 2; time++) await settle(await look(), options, total);
  }
  return total;
}

type Mutable = { -readonly [Key in keyof CompactReport]: Key extends 'left' ? LeftPart[] : CompactReport[Key] };

async function settle(days: readonly DayState[], { store, clock, graceSeconds }: CompactOptions, total: Mutable): Promise<void> {
  total.waiting = 0;
  for (const day of days) {
    if (day.records.length === 0) continue;
    const { switched, removedParts, waiting } = await settleDay(day, { store, now: clock(), graceSeconds });
    total.switched += switched.length;
    total.removedParts += removedParts;
    total.waiting += waiting.length;
  }
}

/** Writes the compactions of a day. False where the run is to end. */
async function compactDay(day: DayState, options: CompactOptions, total: Mutable): Promise<boolean> {
  const tables = new Map(options.tables.map((table) => [table.name, table]));
  const names = new Set(tables.keys());
  const { loose, removed } = await looseParts(day, options.store, names);
  total.removedParts += removed;
  for (const plan of planDay(day, { loose, tables: names }, { ...compactionLimits, ...options.limits })) {
    if (options.signal?.aborted === true) return false;
    const { record, left } = await writeCompaction(day, plan, { store: options.store, tables, now: options.clock });
    total.left.push(...left);
    if (record === undefined) continue;
    total.written += 1;
    total.waiting += options.graceSeconds === 0 ? 0 : 1;
    total.inputParts += record.inputs.length;
    total.outputParts += record.outputs.length;
  }
  return true;
}

/**
 * The parts of captures that no compaction holds. A part that one holds, and that is here again, was written anew: where it is
 * the same as before it is removed, where it is another it takes the place of what the compaction holds.
 */
async function looseParts(day: DayState, store: LakeStore, tables: ReadonlySet<string>): Promise<{ readonly loose: readonly LakePart[]; readonly removed: number }> {
  // What was begun and not written is planned again, to the same end.
  const pending = new Set(day.records.filter(({ state }) => state === 'written' || state === 'switched').flatMap(({ inputs }) => inputs.map(({ path }) => path)));
  const counting = countingOf(day);
  const loose: LakePart[] = [];
  let removed = 0;
  for (const part of day.parts) {
    if (isCompacted(part) || pending.has(part.path) || !tables.has(part.table)) continue;
    const id = counting(part.table, part.captureId);
    if (id === undefined) loose.push(part);
    else {
      const bytes = await readIfThere(store, part.path);
      const compacted = await readIfThere(store, partPath({ ...part, captureId: id, part: 0 }));
      if (bytes === undefined || compacted === undefined) continue;
      const sha256 = sha256Of(bytes);
      if (!isParent(partNotes(compacted, id).parents, sha256)) loose.push(part);
      else if (await store.removePart(part.path, sha256)) removed += 1;
    }
  }
  return { loose, removed };
}
