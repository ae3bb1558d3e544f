import { maxPictureSegments, memoryPicture, type MemoryView, type SegmentKind, segmentKind } from '@icecore/views';
import type { FindingRow, MappingRow, ProcessRow } from './capture-rows.ts';

/** The memory of a process as a picture, from the lake's rows. */
export function memoryViewOf(process: Pick<ProcessRow, 'pid' | 'comm' | 'executable'>, rows: readonly MappingRow[], findings: readonly FindingRow[]): MemoryView {
  return {
    command: undefined,
    ...memoryPicture({
      pid: process.pid,
      name: process.comm,
      mappings: rows.map((row) => ({
        start: BigInt(`0x${row.start_hex}`), end: BigInt(`0x${row.end_hex}`), storedBytes: (row.present_bytes ?? 0) + (row.segment_bytes ?? 0), kind: kindOf(row, process.executable), permissions: row.permissions, name: row.name,
      })),
      marked: findings.flatMap(({ addresses, severity }, i) => addresses.flatMap(({ pid, address_hex }) => (pid === process.pid && address_hex !== null ? [{ address: BigInt(`0x${address_hex}`), finding: i + 1, severity }] : []))),
      most: maxPictureSegments,
      text: (name) => name.slice(0, 200),
    }),
  };
}

function kindOf({ status, name, file_id, segment_id }: MappingRow, executable: string | null): SegmentKind {
  const is = (...names: readonly string[]): boolean => names.some((each) => status.includes(each));
  return segmentKind({
    name,
    kernel: is('VMA_AREA_VDSO', 'VMA_AREA_VVAR', 'VMA_AREA_VSYSCALL', 'VMA_AREA_AIORING'),
    memoryFile: is('VMA_AREA_MEMFD'),
    file: file_id === null ? undefined : withoutDeleted(name) === withoutDeleted(executable ?? '') ? 'program' : 'other',
    shared: segment_id !== null || is('VMA_ANON_SHARED', 'VMA_AREA_SYSVIPC'),
    stack: is('VMA_AREA_STACK'),
  });
}

function withoutDeleted(path: string): string {
  return path.replace(/ \(deleted\)$/, '');
}
