import { hex } from '@icecore/bytes';
import type { Mapping } from '@icecore/snapshot';
import { compareFields, type FieldChange, type Fields } from './fields.ts';
import { type Changes, pairUp } from './pairing.ts';
import type { NotCompared } from './not-compared.ts';
import { type MatchedProcesses, unreadMemory } from './processes.ts';

/** A mapping that only one of the checkpoints has. Addresses are hex with `0x`. */
export interface MappingName {
  readonly start: string;
  readonly end: string;
  /** As in `/proc/PID/maps`: `r-xp`. */
  readonly permissions: string;
  /** Path of the file, `[heap]`, `[stack]`, …; empty for anonymous memory. */
  readonly name: string;
  /** Offset in the file or segment, in bytes, as hex. */
  readonly offset: string;
}

export interface MappingChange {
  readonly before: MappingName;
  readonly after: MappingName;
  readonly fields: readonly FieldChange[];
}

/** The mappings of a process that both checkpoints have. */
export interface MemoryMapChange extends Changes<MappingName, MappingChange> {
  readonly pid: number;
}

/**
 * A mapping is the same where it begins and ends at the same addresses, or, for one that grew, shrank or was split,
 * where it begins or ends at the same address.
 */
export function compareMappings({ pairs }: MatchedProcesses, notCompared: NotCompared[]): MemoryMapChange[] {
  return pairs.flatMap(([was, is]) => {
    const subject = `mappings of process ${was.pid}`;
    const unread = [...unreadMemory('before', subject, was), ...unreadMemory('after', subject, is)];
    notCompared.push(...unread);
    if (unread.length > 0) return [];
    const found = pairUp(was.mappings, is.mappings, [({ start, end }) => `${start} ${end}`, ({ start }) => String(start), ({ end }) => String(end)]);
    const changed = [...found.pairs]
      .sort(([a, b], [c, d]) => inAddressOrder(lower(a, b), lower(c, d)))
      .map(([before, after]) => ({ before: nameOf(before), after: nameOf(after), fields: compareFields(fieldsOf(before), fieldsOf(after)) }))
      .filter(({ fields }) => fields.length > 0);
    const added = [...found.added].sort(inAddressOrder).map(nameOf);
    const removed = [...found.removed].sort(inAddressOrder).map(nameOf);
    return added.length + removed.length + changed.length === 0 ? [] : [{ pid: was.pid, added, removed, changed }];
  });
}

function nameOf({ start, end, permissions, name, offset }: Mapping): MappingName {
  return { start: hex(start), end: hex(end), permissions, name, offset: hex(offset) };
}

function fieldsOf(mapping: Mapping): Fields {
  return { ...nameOf(mapping), buildId: mapping.file?.buildId ?? null };
}

function lower(a: Mapping, b: Mapping): Mapping {
  return inAddressOrder(a, b) <= 0 ? a : b;
}

function inAddressOrder(a: Mapping, b: Mapping): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  return a.end < b.end ? -1 : a.end > b.end ? 1 : 0;
}
