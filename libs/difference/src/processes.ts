import type { ContainerSnapshot, Process, ProgramText } from '@icecore/snapshot';
import { compareFields, type FieldChange, fileName, inOrder } from './fields.ts';
import type { NotCompared, Side } from './not-compared.ts';
import { type Changes, type Pairing, pairUp } from './pairing.ts';
import { argumentsOf, processFields, threadFields } from './process-fields.ts';

/** A process that only one of the checkpoints has. */
export interface ProcessName {
  readonly pid: number;
  readonly ppid: number;
  readonly comm: string;
  /** Path as `/proc` shows it; null where the dump does not say. */
  readonly executable: string | null;
  /** Null where the process has none, or they could not all be read. */
  readonly arguments: readonly string[] | null;
}

export interface ProcessChange {
  readonly pid: number;
  readonly fields: readonly FieldChange[];
  /** Ids of threads that came and went, and what changed in those that stayed, the main thread apart. */
  readonly threads: Changes<number, ThreadChange>;
}

export interface ThreadChange {
  readonly tid: number;
  readonly fields: readonly FieldChange[];
}

/** Processes that both checkpoints have, by pid, and those that only one has. */
export type MatchedProcesses = Pairing<Process>;

/**
 * Matches processes by pid. No image records when a process began, so a pid counts as used again by another program
 * where the executable is another and the kernel laid the program out elsewhere. An exec leaves the same traces; only
 * of the first process of the container is it certain that it was one, for nothing can take its place.
 */
export function matchProcesses(before: readonly Process[], after: readonly Process[]): MatchedProcesses {
  const inPidOrder = (processes: readonly Process[]): Process[] => [...processes].sort((a, b) => a.pid - b.pid);
  const matched = pairUp(inPidOrder(before), inPidOrder(after), [({ pid }) => String(pid)]);
  const { reused = [], same = [] } = Object.groupBy(matched.pairs, ([was, is]) => (isReused(was, is) ? 'reused' : 'same'));
  return {
    pairs: same.sort(([a], [b]) => a.pid - b.pid),
    removed: inPidOrder([...matched.removed, ...reused.map(([was]) => was)]),
    added: inPidOrder([...matched.added, ...reused.map(([, is]) => is)]),
  };
}

export function compareProcesses(matched: MatchedProcesses, before: ContainerSnapshot, after: ContainerSnapshot, notCompared: NotCompared[]): Changes<ProcessName, ProcessChange> {
  const changed: ProcessChange[] = [];
  for (const [was, is] of matched.pairs) {
    const subject = `arguments of process ${was.pid}`;
    notCompared.push(...unreadText('before', subject, was.arguments), ...unreadText('after', subject, is.arguments));
    const fields = compareFields(processFields(was, before.seccompFilters), processFields(is, after.seccompFilters));
    const threads = compareThreads(was, is, before, after);
    if (fields.length + threads.added.length + threads.removed.length + threads.changed.length > 0) changed.push({ pid: was.pid, fields, threads });
  }
  return { added: matched.added.map(nameOf), removed: matched.removed.map(nameOf), changed };
}

/** Says that a text of a process was not read whole, where that is so. */
export function unreadText(side: Side, subject: string, text: ProgramText): NotCompared[] {
  return text.state === 'partial' || text.state === 'unavailable' ? [{ side, subject, reason: text.reason }] : [];
}

/** A zombie has no memory; of another process without any, the dump does not say. */
export function unreadMemory(side: Side, subject: string, process: Process): NotCompared[] {
  return process.memory === undefined ? unreadText(side, subject, process.arguments) : [];
}

function compareThreads(was: Process, is: Process, before: ContainerSnapshot, after: ContainerSnapshot): Changes<number, ThreadChange> {
  const others = ({ pid, threads }: Process): Process['threads'] => threads.filter(({ tid }) => tid !== pid);
  const { pairs, added, removed } = pairUp(others(was), others(is), [({ tid }) => String(tid)]);
  const changed = pairs.map(([one, other]) => ({
    tid: one.tid,
    fields: compareFields(threadFields(one, before.seccompFilters), threadFields(other, after.seccompFilters)),
  }));
  return {
    added: added.map(({ tid }) => tid).sort(inOrder),
    removed: removed.map(({ tid }) => tid).sort(inOrder),
    changed: changed.filter(({ fields }) => fields.length > 0).sort((a, b) => a.tid - b.tid),
  };
}

function nameOf(process: Process): ProcessName {
  const { pid, ppid, comm } = process;
  return { pid, ppid, comm, executable: fileName(process.executable), arguments: argumentsOf(process.arguments) ?? null };
}

function isReused(was: Process, is: Process): boolean {
  if (was.ppid === 0 && is.ppid === 0) return false;
  if (was.executable === undefined || is.executable === undefined || was.executable.name === is.executable.name) return false;
  return was.addresses !== undefined && is.addresses !== undefined && layoutOf(was.addresses) !== layoutOf(is.addresses);
}

/** Addresses that the kernel draws when a program starts and that stay until the next. */
function layoutOf({ code, heap, stack }: NonNullable<Process['addresses']>): string {
  return `${code[0]} ${heap[0]} ${stack}`;
}
