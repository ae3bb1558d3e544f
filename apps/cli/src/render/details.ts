import { formatBytes, hex } from '@icecore/bytes';
import type { ContainerSnapshot, Mapping, Process } from '@icecore/snapshot';
import type { AddressSpace } from '@icecore/memory';
import { maskedVariable } from '../masking.ts';
import type { Terminal } from '../terminal.ts';
import { commandOf } from './summary.ts';
import { shown, textTable } from './text-table.ts';

/** Bytes of pages that the archive holds in [start, end) of a process. */
export function storedBytes(memory: AddressSpace, start: bigint, end: bigint): number {
  let bytes = 0;
  for (const area of memory.areas) {
    if (area.end <= start || area.start >= end) continue;
    const { backing } = area;
    const own = backing.kind === 'private' ? overlap(memory.pages.runs, Number(area.start), Number(area.end)) : 0;
    const shared = backing.kind === 'shared' ? overlap(backing.segment.runs, Number(backing.offset), Number(backing.offset + area.end - area.start)) : 0;
    bytes += own + shared;
  }
  return bytes;
}

function overlap(runs: readonly { readonly start: number; readonly end: number; readonly state: string }[], start: number, end: number): number {
  return runs.reduce((sum, run) => (run.state === 'lazy' ? sum : sum + Math.max(0, Math.min(run.end, end) - Math.max(run.start, start))), 0);
}

export function fileLines({ descriptors, cwd, root }: Process, terminal: Terminal): string[] {
  const rows = [
    ...(cwd === undefined ? [] : [['cwd', cwd.type, '', shown(cwd.name)]]),
    ...(root === undefined ? [] : [['root', root.type, '', shown(root.name)]]),
    ...descriptors.map(({ fd, file }) => [String(fd), file.type, file.position === undefined ? '' : String(file.position), `${shown(file.name)}${file.deleted ? ' (deleted)' : ''}`]),
  ];
  return textTable([{ title: 'FD', align: 'right' }, { title: 'TYPE' }, { title: 'POSITION', align: 'right' }, { title: 'NAME', flexible: true }], rows, terminal.width - 4);
}

export function mappingLines(process: Process, terminal: Terminal): string[] {
  const { memory } = process;
  const rows = process.mappings.map((mapping: Mapping) => [
    `${mapping.start.toString(16)}-${mapping.end.toString(16)}`,
    mapping.permissions,
    formatBytes(mapping.end - mapping.start),
    memory === undefined ? '' : formatBytes(storedBytes(memory, mapping.start, mapping.end)),
    mapping.offset === 0n ? '' : hex(mapping.offset),
    shown(mapping.name),
  ]);
  return textTable(
    [{ title: 'ADDRESS' }, { title: 'PERM' }, { title: 'SIZE', align: 'right' }, { title: 'STORED', align: 'right' }, { title: 'OFFSET', align: 'right' }, { title: 'NAME', flexible: true }],
    rows,
    terminal.width - 4,
  );
}

export function mountLines(snapshot: ContainerSnapshot, terminal: Terminal): string[] {
  const rows = snapshot.mounts.map(({ mountpoint, filesystem, source, root, flags, externalKey }) => [
    shown(mountpoint),
    shown(filesystem),
    shown(source),
    root === '/' ? '' : shown(root),
    flags.map((flag) => flag.replace(/^MS_/, '').toLowerCase()).join(','),
    externalKey === undefined ? '' : 'outside',
  ]);
  return textTable(
    [{ title: 'MOUNTPOINT' }, { title: 'TYPE' }, { title: 'SOURCE' }, { title: 'ROOT' }, { title: 'FLAGS', flexible: true }, { title: 'FROM' }],
    rows,
    terminal.width - 2,
  );
}

export function environmentLines(process: Process): string[] {
  const { environment } = process;
  if (environment.state === 'none') return ['none: the process has no memory of its own'];
  if (environment.state === 'unavailable') return [`not available: ${environment.reason}`];
  const cutShort = environment.state === 'partial' ? [`not whole: ${environment.reason}`] : [];
  return [...environment.values.map((value) => shown(maskedVariable(value))), ...cutShort];
}

/** `7 sh -i`, as a heading for what is said of one process. */
export function processTitle(process: Process): string {
  return `${process.pid} ${commandOf(process)}`;
}
