import type { HitPlace, KeywordHit, MagicHit, ScanHit } from '@icecore/scan';
import { addressSpace, type PageRun } from '@icecore/memory';
import { type ContainerSnapshot, type Descriptor, type Mapping, type Process, type Socket, vmaStatus } from '@icecore/snapshot';
import { fileOf, pageSetOf, processOf, snapshotOf, socketOf } from '@icecore/snapshot/test-support';
import type { Detector } from './detector.ts';
import type { ExaminedFile, Examination } from './examination.ts';
import type { Observation } from './finding.ts';

/** Examinations with only what a test speaks of set. */

export interface Scene extends Partial<Omit<Examination, 'snapshot' | 'processes'>> {
  readonly processes?: readonly Process[];
  readonly sockets?: readonly Socket[];
  readonly container?: Partial<ContainerSnapshot['container']>;
  readonly snapshot?: Partial<ContainerSnapshot>;
}

export function examinationOf({ processes = [], sockets = [], container = {}, snapshot: parts = {}, ...rest }: Scene = {}): Examination {
  const bare = snapshotOf();
  const snapshot = snapshotOf({ processes, sockets, container: { ...bare.container, ...container }, ...parts });
  return {
    captureId: 'capture-1',
    snapshot,
    processes: new Map(processes.map((process) => [process.pid, process])),
    files: [],
    rootfsRecorded: true,
    hits: [],
    nodeProcesses: undefined,
    dumpLog: undefined,
    redact: (text) => text,
    ...rest,
  };
}

/** What a detector says of a scene: a line each. */
export function seen(detector: Detector, scene: Scene): readonly Observation[] {
  return [...detector.detect(examinationOf(scene))];
}

/** A process by its command line, as it is started: the comm is the program's own name. */
export function started(pid: number, executable: string, words: readonly string[], parts: Partial<Process> = {}): Process {
  const comm = executable.slice(executable.lastIndexOf('/') + 1).slice(0, 15);
  return processOf(pid, { comm, executable: fileOf(executable, { id: pid }), arguments: { state: 'captured', values: words }, ...parts });
}

/** Descriptors that lead to one open file. */
export function open(fds: readonly number[], fileId: number, type = 'INETSK', name = `socket:[${fileId}]`, flags?: number): readonly Descriptor[] {
  return fds.map((fd) => ({ fd, fileId, closeOnExec: false, file: fileOf(name, { id: fileId, type, mode: undefined, flags }) }));
}

/** A TCP socket as the snapshot names it. */
export function tcp(fileId: number, remote: string | undefined, parts: Partial<Socket> = {}): Socket {
  const to = remote === undefined ? undefined : { address: remote.slice(0, remote.lastIndexOf(':')), port: Number(remote.slice(remote.lastIndexOf(':') + 1)) };
  return socketOf({ fileId, inode: fileId, family: 'AF_INET', type: 'SOCK_STREAM', protocol: 'IPPROTO_TCP', local: { address: '10.0.0.5', port: 50000 }, remote: to, state: to === undefined ? 'LISTEN' : 'ESTABLISHED', ...parts });
}

/** A mapping and the pages of it that the dump holds, by their numbers from its start. */
export interface MappedPages {
  readonly start: bigint;
  readonly pages: number;
  readonly permissions: string;
  readonly path?: string;
  readonly statusBits?: number;
  readonly present?: readonly number[];
  readonly fileId?: number;
  readonly deleted?: boolean;
  readonly fileType?: string;
}

const pageBytes = 4096;

/** Mappings of a process and its pagemap; memory with a path is a private mapping of that file. */
export function mapped(areas: readonly MappedPages[]): Pick<Process, 'mappings' | 'memory'> {
  const mappings = areas.map((area): Mapping => {
    const file = area.path === undefined || area.path.startsWith('[') ? undefined : fileOf(area.path, { id: area.fileId ?? 100, deleted: area.deleted === true, type: area.fileType ?? 'REG' });
    return {
      start: area.start,
      end: area.start + BigInt(area.pages * pageBytes),
      permissions: area.permissions,
      protection: [],
      flags: [],
      status: [],
      statusBits: area.statusBits ?? (file === undefined ? 0x200 : vmaStatus.filePrivate),
      name: area.path ?? '',
      file,
      offset: 0n,
      segmentId: undefined,
    };
  });
  const runs: PageRun[] = [];
  for (const { start, present = [] } of areas) {
    for (const page of present) {
      const from = Number(start) + page * pageBytes;
      runs.push({ start: from, end: from + pageBytes, state: 'stored', offset: runs.length * pageBytes, compressed: undefined });
    }
  }
  const pages = pageSetOf(runs, new Uint8Array(runs.length * pageBytes));
  return { mappings, memory: addressSpace(1, pageBytes, mappings.map(({ start, end }) => ({ start, end, backing: { kind: 'private', over: 'zeros' } })), pages) };
}

/** What every process has: its program with CRIU's page at the start, the vDSO and the vsyscall page. */
export function ordinary(program: string): readonly MappedPages[] {
  return [
    { start: 0x400000n, pages: 16, permissions: 'r-xp', path: program, present: [0] },
    { start: 0x7fff_0000_0000n, pages: 2, permissions: 'r-xp', path: '[vdso]', statusBits: vmaStatus.vdso | 0x200, present: [0, 1] },
    { start: 0xffff_ffff_ff60_0000n, pages: 1, permissions: '--xp', path: '[vsyscall]', statusBits: vmaStatus.vsyscall | 0x200 },
  ];
}

export function inMemory(pid: number, address: bigint): HitPlace {
  return { kind: 'memory', owners: [{ pid, address }], region: 'anonymous', permissions: 'rw-p', image: 'pages-1.img', offset: 0 };
}

export function inFile(path: string, origin: 'memfd' | 'deleted' | 'shm' | 'rootfs', pids: readonly number[] = []): HitPlace {
  return { kind: 'file', origin, path, entry: 'pagemap-shmem-1.img', offset: 0, pids };
}

export function magicHit(format: MagicHit['format'], place: HitPlace): ScanHit {
  return { kind: 'magic', format, description: format === 'elf' ? 'ET_DYN x86_64, 9 program headers' : format, atStart: true, place };
}

export function keywordHit(list: string, word: string, place: HitPlace, parts: Partial<KeywordHit> = {}): ScanHit {
  return { kind: 'keyword', list, word, context: `… ${word} …`, encoding: 'ascii', place, ruleCorpus: false, ...parts };
}

export function domainHit(value: string, place: HitPlace): ScanHit {
  return { kind: 'indicator', type: 'domain', value, encoding: 'ascii', count: 1, place };
}

export function examinedFile(path: string, content: string | Uint8Array = '', parts: Partial<ExaminedFile> = {}): ExaminedFile {
  const head = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    path,
    origin: 'rootfs',
    change: 'present',
    entry: 'rootfs-diff.tar',
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: head.length,
    modifiedAt: undefined,
    linkTarget: undefined,
    attributes: new Map(),
    head,
    sha256: undefined,
    pids: [],
    ...parts,
  };
}
