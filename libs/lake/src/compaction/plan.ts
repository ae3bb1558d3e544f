import { sequenceOf } from './compaction-id.ts';
import { countingOf, type DayState, isCompacted, type LakePart } from './lake-days.ts';

/** How much is compacted at once. */
export interface CompactionLimits {
  /** Fewer captures of a day than that are left as they are. */
  readonly minCaptures: number;
  readonly maxCaptures: number;
  /** Bytes of all parts that go into one compaction, which are held in memory. */
  readonly maxInputBytes: number;
  /** Bytes of those of one table, whose rows are held in memory too. */
  readonly maxTableBytes: number;
  /** Compactions of a day, from which on they are joined to one. */
  readonly maxCompactions: number;
}

export const compactionLimits: CompactionLimits = { minCaptures: 2, maxCaptures: 1000, maxInputBytes: 192 * 2 ** 20, maxTableBytes: 48 * 2 ** 20, maxCompactions: 6 };

/** A part that goes into a compaction. */
export interface PlannedInput {
  readonly part: LakePart;
  /** Captures whose rows are taken from it. */
  readonly captures: ReadonlySet<string>;
}

/** What one compaction of a day is made from. */
export interface PlannedCompaction {
  readonly sequence: number;
  readonly inputs: readonly PlannedInput[];
  /** Compactions that it takes the place of. */
  readonly replaces: readonly string[];
}

/** What a plan leaves out. */
export interface Candidates {
  /** Parts of captures that lie in no compacted part, or no longer as they are. */
  readonly loose: readonly LakePart[];
  /** Tables that may be compacted. */
  readonly tables: ReadonlySet<string>;
}

/**
 * What is to be compacted of a day: its loose parts, capture by capture, in as many compactions as the limits ask for. Where
 * the day has many compactions already, they are joined first. The same state gives the same plan.
 */
export function planDay(day: DayState, { loose, tables }: Candidates, limits: CompactionLimits): readonly PlannedCompaction[] {
  // What was begun and not written is planned again, under the same name where its parts are the same.
  const written = day.records.filter(({ state }) => state === 'written' || state === 'switched');
  const sequence = [...day.switches, ...written].reduce((greatest, { id }) => Math.max(greatest, sequenceOf(id) ?? 0), 0) + 1;
  const joined = written.length === 0 ? joinedCompactions(day, tables, limits) : undefined;
  if (joined !== undefined) return [{ sequence, ...joined }];
  const byCapture = Map.groupBy(loose.filter(({ table }) => tables.has(table)), ({ captureId }) => captureId);
  if (byCapture.size < limits.minCaptures) return [];
  const batches: LakePart[][] = [];
  let [captures, bytes] = [0, new Map<string, number>()];
  for (const captureId of [...byCapture.keys()].sort()) {
    const parts = byCapture.get(captureId) ?? [];
    const after = added(bytes, parts);
    if (captures === 0 || captures === limits.maxCaptures || !fits(after, limits)) {
      batches.push([]);
      [captures, bytes] = [0, new Map()];
    }
    batches.at(-1)?.push(...parts);
    captures += 1;
    bytes = added(bytes, parts);
  }
  return batches.map((parts) => ({ sequence, replaces: [], inputs: parts.map((part) => ({ part, captures: new Set([part.captureId]) })) }));
}

/** The compacted parts of a day with those of their rows that count; undefined while they are few, or too large for one. */
function joinedCompactions(day: DayState, tables: ReadonlySet<string>, limits: CompactionLimits): Omit<PlannedCompaction, 'sequence'> | undefined {
  if (day.switches.length < limits.maxCompactions) return undefined;
  const counting = countingOf(day);
  const smallFirst = day.switches.map(({ id, covers }) => ({ id, covers, parts: day.parts.filter((part) => isCompacted(part) && part.captureId === id) })).filter(({ parts }) => parts.every(({ table }) => tables.has(table))).sort((one, other) => sizeOf(one.parts) - sizeOf(other.parts) || (one.id < other.id ? -1 : 1));
  const chosen: typeof smallFirst = [];
  let bytes = new Map<string, number>();
  for (const each of smallFirst) {
    const after = added(bytes, each.parts);
    if (!fits(after, limits)) break;
    bytes = after;
    chosen.push(each);
  }
  if (chosen.length < limits.maxCompactions / 2) return undefined;
  const inputs = chosen.flatMap(({ id, covers, parts }) => parts.map((part) => ({ part, captures: new Set([...covers].filter(([captureId, of]) => of.includes(part.table) && counting(part.table, captureId) === id).map(([captureId]) => captureId)) })));
  return { inputs, replaces: chosen.map(({ id }) => id).sort() };
}

function added(bytes: ReadonlyMap<string, number>, parts: readonly LakePart[]): Map<string, number> {
  const sum = new Map(bytes);
  for (const { table, size } of parts) sum.set(table, (sum.get(table) ?? 0) + size);
  return sum;
}

function fits(bytes: ReadonlyMap<string, number>, { maxInputBytes, maxTableBytes }: CompactionLimits): boolean {
  const all = [...bytes.values()];
  return all.reduce((sum, each) => sum + each, 0) <= maxInputBytes && all.every((each) => each <= maxTableBytes);
}

function sizeOf(parts: readonly LakePart[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}
