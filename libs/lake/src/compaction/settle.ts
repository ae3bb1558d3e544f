import type { LakeStore } from '../ports.ts';
import { countingOf, type DayState, encodeSwitch, isThere, readIfThere } from './lake-days.ts';
import { sha256Of } from './compaction-id.ts';
import { parsePartPath } from '../partition.ts';
import { type CompactionRecord, encodeRecord, recordPath, switchPath } from './record.ts';

/** What settling needs. */
export interface Settling {
  readonly store: LakeStore;
  readonly now: Date;
  /** How long a query may take: what is written for one to see, and what one may still be reading, stays that long as it is. */
  readonly graceSeconds: number;
}

/** What settling did. */
export interface Settled {
  /** Compactions that count from now on. */
  readonly switched: readonly string[];
  readonly removedParts: number;
  /** Compactions whose time has not come yet. */
  readonly waiting: readonly string[];
}

/**
 * So long a compaction may be begun and not written, or given up and begun again, before the next step is taken: longer than
 * any run takes.
 */
const givenUpSeconds = 24 * 3600;

/** Parts that are removed at once. */
const removalsAtOnce = 16;

/** Takes each compaction of a day as far as its time allows: makes it count, removes what it was made from. */
export async function settleDay(day: DayState, settling: Settling): Promise<Settled> {
  const switched: string[] = [];
  const waiting: string[] = [];
  let removedParts = 0;
  for (const record of day.records) {
    const rested = (settling.now.getTime() - Date.parse(record.at)) / 1000;
    const counts = day.switches.some(({ id }) => id === record.id);
    if (!counts && (record.state === 'begun' || record.state === 'given_up')) {
      if (rested >= givenUpSeconds) removedParts += await giveUp(record, settling);
    } else if (rested < settling.graceSeconds) waiting.push(record.id);
    else if (!counts && record.state === 'written') {
      if (await makeCount(record, settling)) switched.push(record.id);
    } else removedParts += await removeInputs(day, record, settling.store);
  }
  return { switched, removedParts, waiting };
}

/** Makes a compaction count, by one file. False where a part of it is not there: then it has to be written again. */
async function makeCount(record: CompactionRecord, { store, now }: Settling): Promise<boolean> {
  // Looked at now: what was listed was listed before the record was read.
  for (const { path } of record.outputs) {
    if (await isThere(store, path)) continue;
    await putRecord(store, { ...record, state: 'begun' });
    return false;
  }
  await store.writePart(switchPath(record), encodeSwitch(record, now));
  await putRecord(store, { ...record, state: 'switched', at: now.toISOString() });
  return true;
}

/** Removes what a compaction was made from, where it is as it was and does not count; then the record. */
async function removeInputs(day: DayState, record: CompactionRecord, store: LakeStore): Promise<number> {
  const counting = countingOf(day);
  const stillCount = new Set(day.switches.flatMap(({ id, covers }) => ([...covers].some(([captureId, tables]) => tables.some((table) => counting(table, captureId) === id)) ? [id] : [])));
  const free = record.inputs.filter(({ path }) => {
    const part = parsePartPath(path);
    if (part === undefined) return false;
    return record.replaces.includes(part.captureId) ? !stillCount.has(part.captureId) : counting(part.table, part.captureId) === record.id;
  });
  let removed = 0;
  for (let first = 0; first < free.length; first += removalsAtOnce) {
    const some = await Promise.all(free.slice(first, first + removalsAtOnce).map(({ path, sha256 }) => store.removePart(path, sha256)));
    removed += some.filter((each) => each).length;
  }
  for (const id of record.replaces.filter((each) => !stillCount.has(each))) await removeWhole(store, switchPath({ ...record, id }));
  await removeWhole(store, recordPath(record));
  return removed;
}

/**
 * Gives up a compaction that was never written, in two steps: a run that begins the same one again meanwhile says so in its
 * record before it writes a part.
 */
async function giveUp(record: CompactionRecord, { store, now }: Settling): Promise<number> {
  if (record.state !== 'given_up') {
    await putRecord(store, { ...record, state: 'given_up', at: now.toISOString() });
    return 0;
  }
  let removed = 0;
  for (const { path, sha256 } of record.outputs) if (await store.removePart(path, sha256)) removed += 1;
  await removeWhole(store, recordPath(record));
  return removed;
}

async function putRecord(store: LakeStore, record: CompactionRecord): Promise<void> {
  await store.writePart(recordPath(record), encodeRecord(record));
}

/** Removes a file of the compaction itself, whatever is in it now. */
export async function removeWhole(store: LakeStore, path: string): Promise<void> {
  const bytes = await readIfThere(store, path);
  if (bytes !== undefined) await store.removePart(path, sha256Of(bytes));
}
