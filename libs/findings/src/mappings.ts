import { firstRunAt } from '@icecore/memory';
import { type Mapping, type Process, vmaStatus } from '@icecore/snapshot';
import type { EvidenceItem } from './finding.ts';
import type { Examination } from './examination.ts';
import type { MagicHit } from '@icecore/scan';

/** A stretch of pages that the dump holds of a mapping. */
export interface PresentRun {
  readonly start: bigint;
  readonly end: bigint;
}

/** The pages of a mapping that the dump holds as the process's own; differences of page addresses are exact in numbers. */
export function presentRuns(process: Process, { start, end }: Mapping): readonly PresentRun[] {
  const runs = process.memory?.pages.runs ?? [];
  const found: PresentRun[] = [];
  for (let i = firstRunAt(runs, Number(start)); i < runs.length; i++) {
    const run = runs[i];
    if (run === undefined || BigInt(run.start) >= end) break;
    const from = BigInt(run.start) > start ? BigInt(run.start) : start;
    const to = BigInt(run.end) < end ? BigInt(run.end) : end;
    if (to > from && run.state !== 'lazy') found.push({ start: from, end: to });
  }
  return found;
}

export function has(mapping: Mapping, bit: number): boolean {
  return (mapping.statusBits & bit) !== 0;
}

export function isExecutable({ permissions }: Mapping): boolean {
  return permissions[2] === 'x';
}

/** Memory of the kernel's that every process has: vDSO, vvar, vsyscall. */
export function isKernels(mapping: Mapping): boolean {
  return has(mapping, vmaStatus.vdso) || has(mapping, vmaStatus.vvar) || has(mapping, vmaStatus.vsyscall);
}

/** Private memory without a file. */
export function isAnonymousPrivate(mapping: Mapping): boolean {
  return mapping.file === undefined && mapping.segmentId === undefined && !isKernels(mapping) && !has(mapping, vmaStatus.aioRing);
}

const runtimes = /(?:^|\/)(?:libjvm\.so|libnode\.so|libv8|libcoreclr\.so|libclrjit\.so|libluajit|libmozjs|libjavascriptcoregtk|libwasmtime|libwasmer|libLLVM|opcache\.so|libruby|libmono|libgccjit|libpypy|libtcc|libdotnet|memfd:doublemapper|libhermes|libQt\w*Qml|libgallium|libvulkan)/;
const runtimePrograms = /(?:^|\/)(?:node|nodejs|java|deno|bun|dotnet|luajit|pypy3?|chrome|chromium|firefox|php-fpm|php|mono|beam\.smp|ruby|julia|erl|qemu-[\w-]+|wasmtime|envoy|mongod|postgres|R)(?:[\d.]*)$/;

/** What compiles code while it runs in this process, which is what executable memory without a file is for. */
export function compilerOf(process: Process): string | undefined {
  const program = process.executable?.name;
  if (program !== undefined && runtimePrograms.test(program)) return program;
  return process.mappings.find(({ name }) => runtimes.test(name))?.name;
}

/** The first page of the first executable file mapping of at least a page: CRIU puts its parasite there and so copies it (CRIU, `parasite-syscall.c`). */
export function parasitePage(process: Process): bigint | undefined {
  return process.mappings.find((mapping) => isExecutable(mapping) && mapping.end - mapping.start >= 4096n && !isKernels(mapping))?.start;
}

export function mappingEvidence(process: Process, mapping: Mapping): EvidenceItem {
  return {
    what: 'memory mapping',
    pid: process.pid,
    address: mapping.start,
    length: Number(mapping.end - mapping.start),
    ...(mapping.name === '' ? {} : { path: mapping.name }),
    image: `mm-${process.pid}.img`,
    value: mapping.permissions,
  };
}

/** ELF headers that the scan found in a process's memory, by address. */
export function elfHeadersOf(process: Process, { hits }: Examination): readonly { readonly address: bigint; readonly hit: MagicHit }[] {
  return (hits ?? []).flatMap((hit) => {
    if (hit.kind !== 'magic' || (hit.format !== 'elf' && hit.format !== 'upx') || hit.place.kind !== 'memory') return [];
    return hit.place.owners.filter(({ pid }) => pid === process.pid).map(({ address }) => ({ address, hit }));
  });
}

/** Threads whose next instruction lies in a mapping. */
export function threadsIn(process: Process, { start, end }: Mapping): readonly number[] {
  return process.threads.filter(({ registers }) => registers !== undefined && registers.instructionPointer >= start && registers.instructionPointer < end).map(({ tid }) => tid);
}
