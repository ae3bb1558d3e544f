import { type Severity, severityId } from '@icecore/findings';
import { type AddressSpace, firstRunAt, type PageRun } from '@icecore/memory';
import { type ContainerSnapshot, type Mapping, type Process, vmaStatus } from '@icecore/snapshot';
import type { FindingView } from './finding-view.ts';
import { type DrawnMapping, type MarkedAddress, memoryPicture, segmentKind } from './memory-picture.ts';
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
  const shown = [...withMemory].sort((a, b) => worst(b) - worst(a) || a.pid - b.pid).slice(0, maxPictures);
  const name = shellWord(archive);
  const share = Math.floor(maxDrawnSegments / Math.max(1, shown.length));
  const most = Math.min(maxPictureSegments, Math.max(minPictureSegments, share));
  return {
    listed: shown.map((process) => ({
      ...memoryPicture({
        pid: process.pid,
        name: text(process.comm),
        mappings: drawn(process),
        marked: markers.get(process.pid) ?? [],
        most: worst(process) > 0 ? maxPictureSegments : most,
        text: (own) => text(own, 200),
      }),
      command: name === undefined ? undefined : `icecore memory ${name} ${process.pid}`,
    })),
    total: withMemory.length,
    mappings: withMemory.reduce((sum, { mappings }) => sum + mappings.length, 0),
  };
}

function markersOf(findings: readonly FindingView[]): ReadonlyMap<number, readonly MarkedAddress[]> {
  const markers = new Map<number, MarkedAddress[]>();
  for (const { number, severity, evidence } of findings) {
    for (const { pid, address } of evidence) {
      if (pid === undefined || address === undefined) continue;
      const own = markers.get(pid) ?? [];
      if (!own.some((each) => each.finding === number && each.address === BigInt(`0x${address}`))) markers.set(pid, [...own, { address: BigInt(`0x${address}`), finding: number, severity }]);
    }
  }
  return markers;
}

function drawn(process: Process): readonly DrawnMapping[] {
  const { mappings, memory, executable } = process;
  return mappings.map((mapping) => ({
    start: mapping.start,
    end: mapping.end,
    storedBytes: memory === undefined ? 0 : storedBytes(memory, mapping),
    kind: kindOf(mapping, executable?.id),
    permissions: mapping.permissions,
    name: mapping.name,
  }));
}

function kindOf({ statusBits, name, file, segmentId }: Mapping, executableId: number | undefined): SegmentKind {
  const is = (bits: number): boolean => (statusBits & bits) !== 0;
  return segmentKind({
    name,
    kernel: is(vmaStatus.vdso | vmaStatus.vvar | vmaStatus.vsyscall | vmaStatus.aioRing),
    memoryFile: is(vmaStatus.memfd),
    file: file === undefined ? undefined : file.id === executableId ? 'program' : 'other',
    shared: segmentId !== undefined || is(vmaStatus.anonymousShared | vmaStatus.sysv),
    stack: is(vmaStatus.stack),
  });
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
