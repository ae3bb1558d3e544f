import type { Severity } from '@icecore/findings';
import { foldSegments } from './fold-segments.ts';
import type { MemoryView, Piece, SegmentKind, SegmentView } from './memory-view.ts';
import type { EvidenceText } from './text.ts';

/** A mapping of a process, as far as its picture goes. */
export interface DrawnMapping {
  readonly start: bigint;
  readonly end: bigint;
  /** Bytes of it that the archive holds, the process's own and those of a segment. */
  readonly storedBytes: number;
  readonly kind: SegmentKind;
  /** As `/proc/PID/maps` shows them. */
  readonly permissions: string;
  readonly name: string;
}

/** An address that a finding names. */
export interface MarkedAddress {
  readonly address: bigint;
  /** Number of the finding on the page. */
  readonly finding: number;
  readonly severity: Severity;
}

export interface PictureParts {
  readonly pid: number;
  readonly name: EvidenceText;
  readonly mappings: readonly DrawnMapping[];
  readonly marked: readonly MarkedAddress[];
  /** Most segments of the picture. */
  readonly most: number;
  /** The name of a mapping as a page may show it. */
  text(name: string): EvidenceText;
}

/** The memory of a process as segments with markers, neighbours folded until they are few enough. */
export function memoryPicture({ pid, name, mappings, marked, most, text }: PictureParts): Omit<MemoryView, 'command'> {
  const pieces = foldSegments(mappings.map((mapping) => pieceOf(mapping, marked)), most);
  return {
    pid,
    name,
    mappings: mappings.length,
    mappedBytes: pieces.reduce((sum, { bytes }) => sum + bytes, 0),
    storedBytes: pieces.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    segments: pieces.map(({ start, end, bytes, storedBytes, kind, permissions, executable, writableCode, name: own, mappings: count }, i): SegmentView => {
      const before = pieces[i - 1];
      return { start: start.toString(16), end: end.toString(16), bytes, storedBytes, kind, permissions, executable, writableCode, name: text(own), mappings: count, gapBytes: before === undefined ? 0 : Number(start - before.end) };
    }),
    markers: marked.flatMap(({ address, finding, severity }) => {
      const segment = pieces.findIndex(({ start, end }) => address >= start && address < end);
      const piece = pieces[segment];
      return piece === undefined ? [] : [{ segment, at: Number(address - piece.start) / Number(piece.end - piece.start), address: address.toString(16), finding, severity }];
    }),
  };
}

function pieceOf({ start, end, storedBytes, kind, permissions, name }: DrawnMapping, marked: readonly MarkedAddress[]): Piece {
  const executable = permissions[2] === 'x';
  const writableCode = permissions[1] === 'w' && executable;
  return {
    start, end, bytes: Number(end - start), storedBytes, kind, permissions, executable, writableCode, name, mappings: 1,
    apart: writableCode || marked.some(({ address }) => address >= start && address < end),
  };
}

/** What tells the kind of a mapping. */
export interface KindFacts {
  readonly name: string;
  /** The kernel made it: vdso, vvar, vsyscall, a ring of asynchronous input. */
  readonly kernel: boolean;
  readonly memoryFile: boolean;
  /** The file behind it: the process's own program, or another; undefined for none. */
  readonly file: 'program' | 'other' | undefined;
  readonly shared: boolean;
  readonly stack: boolean;
}

export function segmentKind({ name, kernel, memoryFile, file, shared, stack }: KindFacts): SegmentKind {
  if (kernel) return 'kernel';
  if (memoryFile) return 'memory_file';
  if (file !== undefined) return file === 'program' ? 'program' : /\.so(?:\.|$|\s)/.test(name) ? 'library' : 'file';
  if (shared) return 'shared';
  if (name === '[heap]') return 'heap';
  return stack || name === '[stack]' ? 'stack' : 'anonymous';
}
