import type { AddressSpace, ByteState, MemoryRead } from '@icecore/memory';
import type { Process } from '@icecore/snapshot';
import { alignStretches, type Stretch, type StretchPair, stretchesOf } from './memory-stretches.ts';
import type { NotCompared } from './not-compared.ts';
import { type MappingNames, type PageCounts, type PageLedger, pageLedger, type PageRange, type PageVerdict } from './page-ledger.ts';
import { type MatchedProcesses, unreadMemory } from './processes.ts';

/** The pages of a process that both checkpoints have. */
export interface ProcessPages {
  readonly pid: number;
  /** Bytes of a page. */
  readonly pageSize: number;
  readonly counts: PageCounts;
  /** In ascending order; neighbours of one kind and mapping are joined. */
  readonly ranges: readonly PageRange[];
  /** Ranges beyond `maxPageRangeCount`, which are only counted. */
  readonly rangesLeftOut: number;
  readonly mappings: readonly { readonly mapping: MappingNames; readonly counts: PageCounts }[];
}

/** Bytes that are read at a time, of either side. */
const pieceBytes = 1 << 20;

/** Most bytes of either side that one comparison reads: what is shared or compressed can be larger than any archive. */
export const maxComparedBytes = 2 ** 38;
/** Most stretches of uniform content that one comparison looks at. */
export const maxStretchCount = 2 ** 24;

interface Budget {
  bytes: number;
  stretches: number;
}

/** Compares page by page what both dumps hold. Memory is bounded, whatever the processes had. */
export async function comparePages({ pairs }: MatchedProcesses, notCompared: NotCompared[], signal?: AbortSignal): Promise<ProcessPages[]> {
  const compared: ProcessPages[] = [];
  const budget: Budget = { bytes: maxComparedBytes, stretches: maxStretchCount };
  for (const [was, is] of pairs) {
    const subject = `memory pages of process ${was.pid}`;
    const unread = [...unreadMemory('before', subject, was), ...unreadMemory('after', subject, is)];
    notCompared.push(...unread);
    const pageSize = was.memory?.pageSize ?? is.memory?.pageSize;
    if (unread.length > 0 || pageSize === undefined) continue;
    if ((is.memory?.pageSize ?? pageSize) !== pageSize) {
      notCompared.push({ side: 'both', subject, reason: 'their pages are of different sizes' });
      continue;
    }
    const ledger = pageLedger(pageSize);
    const whole = await compareProcess(was, is, pageSize, ledger, budget, signal);
    if (!whole) notCompared.push({ side: 'both', subject, reason: `more than ${maxComparedBytes} bytes or ${maxStretchCount} stretches of memory: the rest was not looked at` });
    compared.push({ pid: was.pid, pageSize, ...ledger.close() });
  }
  return compared;
}

async function compareProcess(was: Process, is: Process, pageSize: number, ledger: PageLedger, budget: Budget, signal?: AbortSignal): Promise<boolean> {
  for (const pair of alignStretches(stretchesOf(was), stretchesOf(is))) {
    signal?.throwIfAborted();
    budget.stretches -= 1;
    if (budget.stretches < 0) return false;
    const mapping = { before: pair.before?.mapping ?? null, after: pair.after?.mapping ?? null };
    const verdict = verdictWithoutReading(pair);
    if (verdict === 'read') {
      if (!(await comparePair(pair, was.memory, is.memory, pageSize, budget, (...page) => ledger.note(...page, mapping), signal))) return false;
    } else if (verdict !== 'untouched') ledger.note(verdict, pair.start, pair.end, mapping);
  }
  return true;
}

function verdictWithoutReading({ before, after }: StretchPair): PageVerdict | 'read' | 'untouched' {
  if (isUnknown(before) || isUnknown(after)) return 'unknown';
  const wasStored = before?.content === 'stored';
  const isStored = after?.content === 'stored';
  if (!wasStored && !isStored) return 'untouched';
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'read';
}

function isUnknown(stretch: Stretch | undefined): boolean {
  return stretch?.content === 'in_file' || stretch?.content === 'unavailable';
}

type NotePage = (verdict: PageVerdict, start: bigint, end: bigint) => void;

async function comparePair(
  { start, end }: StretchPair,
  before: AddressSpace | undefined,
  after: AddressSpace | undefined,
  pageSize: number,
  budget: Budget,
  note: NotePage,
  signal?: AbortSignal,
): Promise<boolean> {
  if (before === undefined || after === undefined) return true;
  for (let position = start; position < end; position += BigInt(pieceBytes)) {
    signal?.throwIfAborted();
    const length = Number(end - position < BigInt(pieceBytes) ? end - position : BigInt(pieceBytes));
    budget.bytes -= length;
    if (budget.bytes < 0) return false;
    const [was, is] = await Promise.all([before.read(position, length), after.read(position, length)]);
    comparePiece(was, is, position, pageSize, note);
  }
  return true;
}

function comparePiece(was: MemoryRead, is: MemoryRead, position: bigint, pageSize: number, note: NotePage): void {
  const before = Buffer.from(was.bytes.buffer, was.bytes.byteOffset, was.bytes.length);
  const wasStates = statesOfPages(was, position, pageSize);
  const isStates = statesOfPages(is, position, pageSize);
  for (let page = 0; page * pageSize < before.length; page++) {
    const from = page * pageSize;
    const to = Math.min(before.length, from + pageSize);
    const same = before.compare(is.bytes, from, to, from, to) === 0;
    note(verdictOf(wasStates[page], isStates[page], same), position + BigInt(from), position + BigInt(to));
  }
}

function verdictOf(was: ByteState | undefined, is: ByteState | undefined, same: boolean): PageVerdict {
  if ((was !== 'stored' && was !== 'zero') || (is !== 'stored' && is !== 'zero')) return 'unknown';
  if (same) return 'equal';
  if (was === 'zero') return 'added';
  return is === 'zero' ? 'removed' : 'changed';
}

/** The state of each page of a read; of a page in several states, the one that says least is known. */
function statesOfPages({ bytes, parts }: MemoryRead, position: bigint, pageSize: number): ByteState[] {
  const states: ByteState[] = Array.from({ length: Math.ceil(bytes.length / pageSize) }, () => 'zero');
  for (const { start, end, state } of parts) {
    if (state === 'zero') continue;
    const last = Math.ceil(Number(end - position) / pageSize);
    for (let page = Math.floor(Number(start - position) / pageSize); page < last; page++) {
      if (state !== 'stored' || states[page] === 'zero') states[page] = state;
    }
  }
  return states;
}
