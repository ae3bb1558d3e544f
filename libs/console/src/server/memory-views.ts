import { foldSegments, maxPictureSegments, type MemoryView, type Piece, type SegmentKind, type SegmentView } from '@icecore/views';
import type { FindingRow, MappingRow, ProcessRow } from './capture-rows.ts';

/** The memory of a process as a picture, from the lake's rows. */
export function memoryViewOf(process: Pick<ProcessRow, 'pid' | 'comm' | 'executable'>, rows: readonly MappingRow[], findings: readonly FindingRow[]): MemoryView {
  const marked = findings.flatMap(({ addresses, severity }, i) => addresses.flatMap(({ pid, address_hex }) => (pid === process.pid && address_hex !== null ? [{ address: BigInt(`0x${address_hex}`), finding: i + 1, severity }] : [])));
  const pieces = foldSegments(rows.map((row) => pieceOf(row, process.executable, marked)), maxPictureSegments);
  const segments = pieces.map(({ start, end, bytes, storedBytes, kind, permissions, executable, writableCode, name, mappings }, i): SegmentView => {
    const before = pieces[i - 1];
    return { start: start.toString(16), end: end.toString(16), bytes, storedBytes, kind, permissions, executable, writableCode, name: name.slice(0, 200), mappings, gapBytes: before === undefined ? 0 : Number(start - before.end) };
  });
  return {
    pid: process.pid, name: process.comm, mappings: rows.length, command: undefined,
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

function pieceOf(row: MappingRow, executable: string | null, marked: readonly { readonly address: bigint }[]): Piece {
  const [start, end] = [BigInt(`0x${row.start_hex}`), BigInt(`0x${row.end_hex}`)];
  const writableCode = row.permissions[1] === 'w' && row.permissions[2] === 'x';
  return {
    start, end, bytes: Number(end - start), storedBytes: (row.present_bytes ?? 0) + (row.segment_bytes ?? 0), kind: kindOf(row, executable), permissions: row.permissions, executable: row.permissions[2] === 'x', writableCode, name: row.name, mappings: 1,
    apart: writableCode || marked.some(({ address }) => address >= start && address < end),
  };
}

function kindOf({ status, name, file_id, segment_id }: MappingRow, executable: string | null): SegmentKind {
  const is = (...names: readonly string[]): boolean => names.some((each) => status.includes(each));
  if (is('VMA_AREA_VDSO', 'VMA_AREA_VVAR', 'VMA_AREA_VSYSCALL', 'VMA_AREA_AIORING')) return 'kernel';
  if (is('VMA_AREA_MEMFD')) return 'memory_file';
  if (file_id !== null) return name.replace(/ \(deleted\)$/, '') === executable?.replace(/ \(deleted\)$/, '') ? 'program' : /\.so(?:\.|$|\s)/.test(name) ? 'library' : 'file';
  if (segment_id !== null || is('VMA_ANON_SHARED', 'VMA_AREA_SYSVIPC')) return 'shared';
  if (name === '[heap]') return 'heap';
  return name === '[stack]' || is('VMA_AREA_STACK') ? 'stack' : 'anonymous';
}
