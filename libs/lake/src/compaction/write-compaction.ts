import { isLakeError } from '../errors.ts';
import { partPath } from '../partition.ts';
import type { LakeStore } from '../ports.ts';
import type { Table } from '../table.ts';
import { type CompactedInput, encodeCompacted } from './compacted-part.ts';
import { compactionId, sha256Of } from './compaction-id.ts';
import { isCompacted, readIfThere } from './lake-days.ts';
import type { PlannedCompaction, PlannedInput } from './plan.ts';
import { type CompactionRecord, type Day, encodeRecord, recordPath } from './record.ts';
import { partNotes, readStoredRows } from './stored-rows.ts';

/** A part that is left as it is, and why. */
export interface LeftPart {
  readonly path: string;
  readonly reason: string;
}

/** What writing needs. */
export interface Writing {
  readonly store: LakeStore;
  readonly tables: ReadonlyMap<string, Table>;
  readonly now: () => Date;
}

/** What came of writing a compaction. */
export interface WrittenCompaction {
  /** Undefined where there was nothing left to compact, or another run has changed the day meanwhile. */
  readonly record: CompactionRecord | undefined;
  readonly left: readonly LeftPart[];
}

/** Parts that are read at once. */
const readsAtOnce = 16;

/**
 * Writes the parts of a compaction, which do not count yet. Nothing is written before all of it was read and encoded, and
 * the record is written before the parts. A part that is damaged, or of a later icecore, is left as it is.
 */
export async function writeCompaction(day: Day, plan: PlannedCompaction, writing: Writing): Promise<WrittenCompaction> {
  const read = await readInputs(plan.inputs, writing);
  if (read === undefined) return { record: undefined, left: [] };
  const left = [...read.left];
  // Parts of a compaction go together: where one of those that are joined cannot be read, none is.
  if (left.length > 0 && plan.replaces.length > 0) return { record: undefined, left };
  let good = read.inputs;
  let encoded = await encodeAll(day, plan.sequence, good, writing);
  if (encoded === undefined) {
    const sorted = await withoutDamaged(good, writing);
    left.push(...sorted.bad);
    if (plan.replaces.length > 0) return { record: undefined, left };
    good = sorted.good;
    encoded = await encodeAll(day, plan.sequence, good, writing);
  }
  if (encoded === undefined || good.length === 0) return { record: undefined, left };
  const { id, outputs } = encoded;
  const record: CompactionRecord = {
    id, tenant: day.tenant, date: day.date, state: 'begun', at: writing.now().toISOString(), replaces: [...plan.replaces],
    inputs: good.map(({ input: { path, sha256 } }) => ({ path, sha256 })).sort(byPath),
    outputs: outputs.map(({ path, bytes }) => ({ path, sha256: sha256Of(bytes) })).sort(byPath),
    covers: coversOf(good.map(({ planned }) => planned)),
  };
  await writing.store.writePart(recordPath(record), encodeRecord(record));
  for (const { path, bytes } of outputs) await writing.store.writePart(path, bytes);
  const written: CompactionRecord = { ...record, state: 'written', at: writing.now().toISOString() };
  await writing.store.writePart(recordPath(written), encodeRecord(written));
  return { record: written, left };
}

interface Encoded {
  readonly id: string;
  readonly outputs: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/** The parts of a compaction, a part a table; undefined where one of the inputs is damaged. */
async function encodeAll(day: Day, sequence: number, inputs: readonly ReadInput[], writing: Writing): Promise<Encoded | undefined> {
  const id = compactionId(sequence, inputs.map(({ input }) => input));
  const outputs: { readonly path: string; readonly bytes: Uint8Array }[] = [];
  try {
    for (const [table, some] of Map.groupBy(inputs, ({ planned }) => planned.part.table)) {
      const bytes = await encodeCompacted(tableOf(writing, table), id, some.map(({ input }) => input).sort(byPath));
      outputs.push({ path: partPath({ table, tenant: day.tenant, date: day.date, captureId: id, part: 0 }), bytes });
    }
  } catch (error) {
    if (isLakeError(error) && error.code === 'damaged') return undefined;
    throw error;
  }
  return { id, outputs };
}

interface ReadInput {
  readonly planned: PlannedInput;
  readonly input: CompactedInput;
}

/** Reads all parts; undefined where one is gone, so that the plan no longer holds. */
async function readInputs(planned: readonly PlannedInput[], writing: Writing): Promise<{ readonly inputs: readonly ReadInput[]; readonly left: readonly LeftPart[] } | undefined> {
  const inputs: ReadInput[] = [];
  const left: LeftPart[] = [];
  for (let first = 0; first < planned.length; first += readsAtOnce) {
    const some = planned.slice(first, first + readsAtOnce);
    const contents = await Promise.all(some.map(({ part }) => readIfThere(writing.store, part.path)));
    for (const [at, each] of some.entries()) {
      const bytes = contents[at];
      if (bytes === undefined) return undefined;
      const { path, table } = each.part;
      const notes = notesOf(bytes, path);
      const reason = typeof notes === 'string' ? notes : (notes.version ?? 0) > tableOf(writing, table).version ? `is of version ${notes.version} of the table, which a later icecore wrote` : undefined;
      if (reason !== undefined || typeof notes === 'string') left.push({ path, reason: reason ?? '' });
      else inputs.push({ planned: each, input: { path, bytes, sha256: sha256Of(bytes), parents: notes.parents, compacted: isCompacted(each.part), captures: each.captures } });
    }
  }
  return { inputs, left };
}

function notesOf(bytes: Uint8Array, path: string): ReturnType<typeof partNotes> | string {
  try {
    return partNotes(bytes, path);
  } catch (error) {
    if (isLakeError(error)) return error.message.replace(`${path} `, '');
    throw error;
  }
}

/** Tells parts whose rows can be read from those whose cannot. */
async function withoutDamaged(inputs: readonly ReadInput[], writing: Writing): Promise<{ readonly good: readonly ReadInput[]; readonly bad: readonly LeftPart[] }> {
  const good: ReadInput[] = [];
  const bad: LeftPart[] = [];
  for (const each of inputs) {
    try {
      await readStoredRows(tableOf(writing, each.planned.part.table), each.input.bytes, each.input.path);
      good.push(each);
    } catch (error) {
      if (!isLakeError(error)) throw error;
      bad.push({ path: each.input.path, reason: error.message.replace(`${each.input.path} `, '') });
    }
  }
  return { good, bad };
}

function coversOf(inputs: readonly PlannedInput[]): Record<string, string[]> {
  const covers = new Map<string, Set<string>>();
  for (const { part, captures } of inputs) {
    for (const captureId of captures) covers.set(captureId, (covers.get(captureId) ?? new Set()).add(part.table));
  }
  return Object.fromEntries([...covers].sort(([one], [other]) => (one < other ? -1 : 1)).map(([captureId, tables]) => [captureId, [...tables].sort()]));
}

function tableOf({ tables }: Writing, name: string): Table {
  const table = tables.get(name);
  if (table === undefined) throw new TypeError(`${name} is no table that is compacted`);
  return table;
}

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : 1;
}
