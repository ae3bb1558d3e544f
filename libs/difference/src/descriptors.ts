import type { ContainerSnapshot, Descriptor } from '@icecore/snapshot';
import { isComparable, missingDescriptors } from './completeness.ts';
import { compareFields, countOf, type FieldChange, type Fields, fileName } from './fields.ts';
import type { NotCompared } from './not-compared.ts';
import { type Changes, pairUp } from './pairing.ts';
import type { MatchedProcesses } from './processes.ts';

/** A descriptor that only one of the checkpoints has. */
export interface DescriptorName {
  readonly fd: number;
  /** CRIU's name for the kind of file. */
  readonly type: string;
  /** As `/proc` shows it: a path, `pipe:[5]`, `socket:[7]`. */
  readonly file: string | null;
}

export interface DescriptorChange {
  readonly fd: number;
  readonly fields: readonly FieldChange[];
}

/** The descriptors of a process that both checkpoints have. */
export interface DescriptorTableChange extends Changes<DescriptorName, DescriptorChange> {
  readonly pid: number;
}

export function compareDescriptors({ pairs }: MatchedProcesses, before: ContainerSnapshot, after: ContainerSnapshot, notCompared: NotCompared[]): DescriptorTableChange[] {
  return pairs.flatMap(([was, is]) => {
    const missing = (snapshot: ContainerSnapshot): string | undefined => missingDescriptors(snapshot === before ? was : is)(snapshot);
    if (!isComparable(`descriptors of process ${was.pid}`, missing, before, after, notCompared)) return [];
    const { pairs: same, added, removed } = pairUp(inFdOrder(was.descriptors), inFdOrder(is.descriptors), [({ fd }) => String(fd)]);
    const changed = same
      .map(([one, other]) => ({ fd: one.fd, fields: compareFields(fieldsOf(one), fieldsOf(other)) }))
      .filter(({ fields }) => fields.length > 0)
      .sort((a, b) => a.fd - b.fd);
    if (added.length + removed.length + changed.length === 0) return [];
    return [{ pid: was.pid, added: added.map(nameOf), removed: removed.map(nameOf), changed }];
  });
}

function inFdOrder(descriptors: readonly Descriptor[]): Descriptor[] {
  return [...descriptors].sort((a, b) => a.fd - b.fd);
}

function nameOf({ fd, file }: Descriptor): DescriptorName {
  return { fd, type: file.type, file: fileName(file) };
}

function fieldsOf({ file, closeOnExec }: Descriptor): Fields {
  return {
    file: fileName(file),
    type: file.type,
    flags: file.flags ?? null,
    position: countOf(file.position),
    size: countOf(file.size),
    mode: file.mode ?? null,
    closeOnExec,
  };
}
