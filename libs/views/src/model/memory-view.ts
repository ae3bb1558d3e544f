import { type Severity, severityId } from '@icecore/findings';
import { type AddressSpace, firstRunAt, type PageRun } from '@icecore/memory';
import { type ContainerSnapshot, type Mapping, type Process, vmaStatus } from '@icecore/snapshot';
import type { FindingView } from './finding-view.ts';
import { foldSegments } from './fold-segments.ts';
import { shellWord } from './shell-word.ts';
import type { EvidenceText, TextMaker } from './text.ts';

/** Most segments that all pictures of a page draw together, and fewest and most of one picture. */
export const maxDrawnSegments = 6000;
export const minPictureSegments = 24;
export const maxPictureSegments = 240;
/** Most processes whose memory a page draws; those with findings come first. */
export const maxPictures = 500;

/** What lies in a stretch of memory. */
export type SegmentKind = 'program' | 'library' | 'heap' | 'stack' | 'anonymous' | 'shared' | 'memory_file' | 'file' | 'kernel';

/** A stretch of memory as a picture draws it: one mapping, or neighbours that are folded into one. */
export interface SegmentView {
  /** Addresses in hex. */
  readonly start: string;
  readonly end: string;
  /** Bytes that are mapped, without gaps between folded mappings. */
  readonly bytes: number;
  /** Bytes of it that the archive holds. */
  readonly storedBytes: number;
  readonly kind: SegmentKind;
  /** As `/proc/PID/maps` shows them; `mixed` for folded mappings of several. */
  readonly permissions: string;
  /** Some of it can be run. */
  readonly executable: boolean;
  /** Memory that can be written and run. */
  readonly writableCode: boolean;
  readonly name: EvidenceText;
  /** How many mappings it stands for. */
  readonly mappings: number;
  /** Unmapped bytes before it; 0 for a neighbour. */
  readonly gapBytes: number;
}

/** A place in memory that a finding names. */
export interface MemoryMarker {
  /** Index of the segment. */
  readonly segment: number;
  /** Where in the segment, from 0 to 1. */
  readonly at: number;
  readonly address: string;
  readonly finding: number;
  readonly severity: Severity;
}

/** The memory of one process, to be drawn. */
export interface MemoryView {
  readonly pid: number;
  readonly name: EvidenceText;
  readonly mappings: number;
  readonly mappedBytes: number;
  readonly storedBytes: number;
  readonly segments: readonly SegmentView[];
  readonly markers: readonly MemoryMarker[];
  /** The command that lists every mapping. */
  readonly command: string | undefined;
}

export interface MemoriesView {
  /** Those with findings first, then by pid. */
  readonly listed: readonly MemoryView[];
  /** Processes with memory of their own. */
  readonly total: number;
  readonly mappings: number;
}

/** A mapping on its way to a picture. */
export interface Piece {
  readonly start: bigint;
  readonly end: bigint;
  readonly bytes: number;
  readonly storedBytes: number;
  readonly kind: SegmentKind;
  readonly permissions: string;
  readonly executable: boolean;
  readonly writableCode: boolean;
  readonly name: string;
  readonly mappings: number;
  /** Nothing may be folded into it: a finding is about it. */
  readonly apart: boolean;
}

export function memoriesView({ processes }: ContainerSnapshot, findings: readonly FindingView[], archive: string, { text }: TextMaker): MemoriesView {
  const withMemory = processes.filter(({ mappings }) => mappings.length > 0);
  const markers = markersOf(findings);
  const worst = ({ pid }: Process): number => Math.max(0, ...(markers.get(pid) ?? []).map(({ severity }) => severityId(severity)));
  const drawn = [...withMemory].sort((a, b) => worst(b) - worst(a) || a.pid - b.pid).slice(0, maxPictures);
  const name = shellWord(archive);
  const share = Math.floor(maxDrawnSegments / Math.max(1, drawn.length));
  const most = Math.min(maxPictureSegments, Math.max(minPictureSegments, share));
  return {
    listed: drawn.map((process) => ({
      ...memoryView(process, markers.get(process.pid) ?? [], worst(process) > 0 ? maxPictureSegments : most, text),
      command: name === undefined ? undefined : `icecore memory ${name} ${process.pid}`,
    })),
    total: withMemory.length,
    mappings: withMemory.reduce((sum, { mappings }) => sum + mappings.length, 0),
  };
}

interface Marked {
  readonly address: bigint;
  readonly finding: number;
  readonly severity: Severity;
}

function markersOf(findings: readonly FindingView[]): ReadonlyMap<number, readonly Marked[]> {
  const markers = new Map<number, Marked[]>();
  for (const { number, severity, evidence } of findings) {
    for (const { pid, address } of evidence) {
      if (pid === undefined || address === undefined) continue;
      const own = markers.get(pid) ?? [];
      if (!own.some((each) => each.finding === number && each.address === BigInt(`0x${address}`))) markers.set(pid, [...own, { address: BigInt(`0x${address}`), finding: number, severity }]);
    }
  }
  return markers;
}

function memoryView(process: Process, marked: readonly Marked[], most: number, text: TextMaker['text']): Omit<MemoryView, 'command'> {
  const pieces = foldSegments(piecesOf(process, marked), most);
  const segments = pieces.map(({ start, end, bytes, storedBytes, kind, permissions, executable: runs, writableCode, name, mappings }, i): SegmentView => {
    const before = pieces[i - 1];
    return { start: start.toString(16), end: end.toString(16), bytes, storedBytes, kind, permissions, executable: runs, writableCode, name: text(name, 200), mappings, gapBytes: before === undefined ? 0 : Number(start - before.end) };
  });
  return {
    pid: process.pid,
    name: text(process.comm),
    mappings: process.mappings.length,
    mappedBytes: pieces.reduce((sum, { bytes }) => sum + bytes, 0),
    storedBytes: pieces.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    segments,
    markers: marked.flatMap(({ address, finding, severity }) => {
      const segment = pieces.findIndex(({ start, end }) => address >= start && address < end);
      const piece = pieces[segment];
      return piece === undefined ? [] : [{ segment, at: Number(address - piece.start) / Number(piece.end - piece.start), address: address.toString(16), finding, severity }];
    }),
  };
}

function piecesOf(process: Process, marked: readonly Marked[]): readonly Piece[] {
  const { mappings, memory, executable } = process;
  return mappings.map((mapping) => {
    const { start, end, permissions, name } = mapping;
    const writableCode = permissions[1] === 'w' && permissions[2] === 'x';
    return {
      start,
      end,
      bytes: Number(end - start),
      storedBytes: memory === undefined ? 0 : storedBytes(memory, mapping),
      kind: kindOf(mapping, executable?.id),
      permissions,
      executable: permissions[2] === 'x',
      writableCode,
      name,
      mappings: 1,
      apart: writableCode || marked.some(({ address }) => address >= start && address < end),
    };
  });
}

function kindOf({ statusBits, name, file, segmentId }: Mapping, executableId: number | undefined): SegmentKind {
  const is = (bits: number): boolean => (statusBits & bits) !== 0;
  if (is(vmaStatus.vdso | vmaStatus.vvar | vmaStatus.vsyscall | vmaStatus.aioRing)) return 'kernel';
  if (is(vmaStatus.memfd)) return 'memory_file';
  if (file !== undefined) return file.id === executableId ? 'program' : /\.so(?:\.|$|\s)/.test(name) ? 'library' : 'file';
  if (segmentId !== undefined || is(vmaStatus.anonymousShared | vmaStatus.sysv)) return 'shared';
  if (name === '[heap]') return 'heap';
  return name === '[stack]' || is(vmaStatus.stack) ? 'stack' : 'anonymous';
}

/** Bytes of a mapping that the archive holds, the process's own and those of a segment. */
function storedBytes({ pages, areas }: AddressSpace, { start, end, segmentId }: Mapping): number {
  const own = overlap(pages.runs, Number(start), Number(end));
  if (segmentId === undefined) return own;
  const backing = areas.find((area) => area.start === start)?.backing;
  return backing?.kind === 'shared' ? own + overlap(backing.segment.runs, Number(backing.offset), Number(backing.offset) + Number(end - start)) : own;
}

function overlap(runs: readonly PageRun[], start: number, end: number): number {
  let bytes = 0;
  for (let i = firstRunAt(runs, start); i < runs.length; i++) {
    const run = runs[i];
    if (run === undefined || run.start >= end) break;
    if (run.state !== 'lazy') bytes += Math.min(run.end, end) - Math.max(run.start, start);
  }
  return bytes;
}
