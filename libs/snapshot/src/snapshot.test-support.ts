import type { ArchiveEntry } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { addressSpace, imageFolder, type MappedArea, type PageRun, type PageSet } from '@icecore/memory';
import type { ChangedFile } from './changed-files.ts';
import type { HiddenFile } from './content.ts';
import type { Credentials } from './credentials.ts';
import type { Descriptor } from './descriptors.ts';
import type { FileDescription } from './file-description.ts';
import type { Mapping } from './memory-map.ts';
import type { Mount } from './mounts.ts';
import type { Network } from './network.ts';
import type { Process, ProgramAddresses } from './processes.ts';
import type { ContainerSnapshot } from './snapshot.ts';
import type { Socket } from './sockets.ts';
import type { Thread } from './threads.ts';

/** Values with only what a test speaks of set. */

export const pageSize = 4096;

export function snapshotOf(parts: Partial<ContainerSnapshot> = {}, files: readonly ChangedFile[] = [], hidden: readonly HiddenFile[] = []): ContainerSnapshot {
  return {
    container: {
      engine: 'podman',
      id: 'c1',
      name: 'app',
      image: 'image:1',
      imageRef: undefined,
      runtime: undefined,
      pod: undefined,
      createdAt: undefined,
      checkpointedAt: undefined,
      checkpointedAtSource: undefined,
      command: ['app'],
      hostname: undefined,
      terminal: undefined,
      annotations: new Map(),
      labels: new Map(),
      specifiedMounts: [],
      logPath: undefined,
      specification: undefined,
    },
    dump: { machine: undefined, statistics: undefined, pageBytes: 0, rootfsBytes: 0, imageCount: 0, incremental: false, lsm: undefined },
    processes: [],
    sockets: [],
    mounts: [],
    network: networkOf(),
    namespaces: { hostname: undefined, domainName: undefined, uidMap: [], gidMap: [] },
    nodeNamespaces: undefined,
    seccompFilters: [],
    pipes: [],
    sysvSegments: [],
    images: imageFolder(new Map([['mountpoints-1.img', memorySource(new Uint8Array(0))]])),
    gaps: [],
    hiddenFiles: () => Promise.resolve(hidden),
    changedFiles: () => Promise.resolve({ files, gaps: [] }),
    ...parts,
  };
}

export function processOf(pid: number, parts: Partial<Process> = {}): Process {
  return {
    pid,
    ppid: pid === 1 ? 0 : 1,
    pgid: pid,
    sid: 1,
    comm: 'app',
    state: 'alive',
    exitCode: 0,
    arguments: { state: 'captured', values: ['app'] },
    environment: { state: 'captured', values: [] },
    executable: fileOf('/bin/app'),
    cwd: fileOf('/'),
    root: fileOf('/'),
    umask: 0o22,
    credentials: credentialsOf(),
    threads: [threadOf(pid)],
    namespaces: undefined,
    cgroups: [],
    limits: [],
    signalActions: [],
    pendingSignals: 0,
    timers: { interval: [], posix: [] },
    oomScoreAdjustment: undefined,
    loginUid: undefined,
    personality: undefined,
    childSubreaper: false,
    descriptors: [],
    watches: [],
    mappings: [],
    memory: undefined,
    addresses: addressesAt(0x7000n),
    dumpable: undefined,
    auxiliaryVector: new Map(),
    ...parts,
  };
}

export function addressesAt(stack: bigint): ProgramAddresses {
  return { code: [0x1000n, 0x2000n], data: [0x2000n, 0x3000n], heap: [0x3000n, 0x4000n], stack, arguments: [stack, stack], environment: [stack, stack] };
}

export function threadOf(tid: number, parts: Partial<Thread> = {}): Thread {
  return {
    tid,
    comm: 'app',
    registers: undefined,
    credentials: credentialsOf(),
    blockedSignals: [],
    seccomp: { mode: 'disabled', filter: undefined },
    scheduling: { policy: 'SCHED_OTHER', priority: 0, nice: 0 },
    pendingSignals: 0,
    parentDeathSignal: 0,
    ...parts,
  };
}

export function credentialsOf(parts: Partial<Credentials> = {}, effective: readonly string[] = []): Credentials {
  const none = { bits: 0n, names: [] };
  return {
    uid: 0,
    gid: 0,
    euid: 0,
    egid: 0,
    suid: 0,
    sgid: 0,
    fsuid: 0,
    fsgid: 0,
    groups: [],
    secbits: 0,
    capabilities: { inheritable: none, permitted: none, effective: { bits: 0n, names: effective }, bounding: none, ambient: none },
    noNewPrivileges: false,
    lsmProfile: undefined,
    ...parts,
  };
}

export function fileOf(name: string, parts: Partial<FileDescription> = {}): FileDescription {
  return {
    id: 1,
    type: 'REG',
    name,
    deleted: false,
    flags: 0,
    position: 0n,
    size: 10n,
    mode: 0o100644,
    buildId: undefined,
    mountId: undefined,
    ...parts,
  };
}

export function descriptorOf(fd: number, name: string, parts: Partial<FileDescription> = {}): Descriptor {
  return { fd, fileId: fd, closeOnExec: false, file: fileOf(name, parts) };
}

export function socketOf(parts: Partial<Socket> = {}): Socket {
  return {
    fileId: 1,
    inode: 7,
    family: 'INET',
    type: 'STREAM',
    protocol: 'TCP',
    state: 'ESTABLISHED',
    local: { address: '10.0.0.1', port: 80 },
    remote: { address: '10.0.0.2', port: 4444 },
    path: undefined,
    peerInode: undefined,
    backlog: 0,
    receiveQueue: { bytes: 0, messages: [] },
    sendQueue: { bytes: 0, messages: [] },
    options: { boundDevice: undefined, filterInstructions: 0, mark: undefined, promiscuous: false, shutdown: undefined },
    namespaceId: undefined,
    ...parts,
  };
}

export function mountOf(mountpoint: string, parts: Partial<Mount> = {}): Mount {
  return {
    namespaceId: 1,
    mountId: 1,
    parentId: 0,
    mountpoint,
    root: '/',
    source: 'none',
    filesystem: 'tmpfs',
    device: '0:1',
    flags: [],
    superblockFlags: [],
    options: '',
    externalKey: undefined,
    ...parts,
  };
}

export function networkOf(parts: Partial<Network> = {}): Network {
  return { dumped: true, interfaces: [], assigned: [], images: [], iptables: '', ip6tables: '', nftables: '', ...parts };
}

export function mappingOf(startPage: number, pages: number, parts: Partial<Mapping> = {}): Mapping {
  return {
    start: BigInt(startPage * pageSize),
    end: BigInt((startPage + pages) * pageSize),
    permissions: 'rw-p',
    protection: [],
    flags: [],
    status: [],
    statusBits: 0,
    name: '',
    file: undefined,
    offset: 0n,
    segmentId: undefined,
    ...parts,
  };
}

/**
 * A mapped area as one letter a page: a digit or `.` (zeros) is a stored page of that byte, `-` was never written,
 * `f` is equal to its file, `x` was left out of the dump.
 */
export interface Area {
  readonly page: number;
  readonly pages: string;
  readonly name?: string;
}

/** The mappings and the memory of a process. */
export function memoryOf(areas: readonly Area[]): Pick<Process, 'mappings' | 'memory'> {
  const stored: number[] = [];
  const runs: PageRun[] = [];
  for (const { page, pages } of areas) {
    [...pages].forEach((letter, i) => {
      const start = (page + i) * pageSize;
      const run = { start, end: start + pageSize, offset: stored.length * pageSize, compressed: undefined };
      if (letter === 'x') runs.push({ ...run, state: 'lazy' });
      else if (letter !== '-' && letter !== 'f') {
        runs.push({ ...run, state: 'stored' });
        stored.push(letter === '.' ? 0 : letter.charCodeAt(0));
      }
    });
  }
  const bytes = Buffer.concat(stored.map((value) => Buffer.alloc(pageSize, value)));
  const mappings = areas.map(({ page, pages, name = '' }) => mappingOf(page, pages.length, { name }));
  const mapped = areas.map(({ pages }, i): MappedArea => {
    const { start, end } = mappings[i] ?? mappingOf(0, 0);
    return { start, end, backing: { kind: 'private', over: pages.includes('f') ? 'file' : 'zeros' } };
  });
  return { mappings, memory: addressSpace(1, pageSize, mapped, pageSetOf(runs, bytes)) };
}

export function pageSetOf(runs: readonly PageRun[], bytes: Uint8Array): PageSet {
  return { image: 'pagemap-1.img', pageSize, pagesImage: 'pages-1.img', pages: memorySource(bytes), runs, parent: undefined, gaps: [] };
}

export function changedFileOf(path: string, content: string, parts: Partial<ArchiveEntry> = {}): ChangedFile {
  const source = memorySource(Buffer.from(content));
  const entry: ArchiveEntry = {
    path: path.slice(1),
    rawPath: path.slice(1),
    unsafe: false,
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    userName: '',
    groupName: '',
    size: source.size,
    modifiedAt: 0,
    linkTarget: undefined,
    deviceMajor: 0,
    deviceMinor: 0,
    extendedAttributes: new Map(),
    headerOffset: 0,
    source,
    ...parts,
  };
  return { path, origin: 'rootfs-diff.tar', kind: 'rootfs', change: 'present', entry };
}

export function hiddenFileOf(path: string, content: string, parts: Partial<HiddenFile> = {}): HiddenFile {
  const source = memorySource(Buffer.from(content));
  return { kind: 'memfd', path, size: source.size, uid: 0, gid: 0, mode: 0o777, modifiedAt: undefined, owners: [], source, place: { image: 'x.img' }, ...parts };
}
