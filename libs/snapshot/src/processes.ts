import { type Gap, gapOf } from '@icecore/bytes';
import { coreImageGeneral, imageTypes } from '@icecore/criu';
import { auxvPageSize, limitName, parseAuxv, signalName, taskState, type TaskState } from '@icecore/linux';
import type { AddressSpace } from '@icecore/memory';
import { type CgroupMembership } from './cgroups.ts';
import { type Credentials, credentialsOf } from './credentials.ts';
import { type Descriptor, descriptorsOf } from './descriptors.ts';
import { describeFile, type FileDescription } from './file-description.ts';
import type { ImageReader } from './image-reader.ts';
import type { FileEntry } from './open-files.ts';
import { type MachineFacts, machineOfCore } from './machine.ts';
import { mappingsOf, type Mapping, type MemoryContext, openMemory } from './memory-map.ts';
import { namespaceIdsOf, type NamespaceIds } from './namespaces.ts';
import { type ProgramText, readArguments, readEnvironment } from './program-text.ts';
import { type ProcessTree, type TreeNode } from './process-tree.ts';
import { type CoreEntry, type Thread, threadOf } from './threads.ts';
import { type ProcessTimers, timersOf } from './timers.ts';

/** A process of the container, as it stood when the container was frozen. Ids are those inside the container. */
export interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly comm: string;
  /** Undefined where the dump has no core image of the process. */
  readonly state: TaskState | undefined;
  readonly exitCode: number | undefined;
  readonly arguments: ProgramText;
  readonly environment: ProgramText;
  readonly executable: FileDescription | undefined;
  readonly cwd: FileDescription | undefined;
  readonly root: FileDescription | undefined;
  readonly umask: number | undefined;
  /** Those of the main thread. */
  readonly credentials: Credentials | undefined;
  readonly threads: readonly Thread[];
  readonly namespaces: NamespaceIds | undefined;
  readonly cgroups: readonly CgroupMembership[];
  readonly limits: readonly ResourceLimit[];
  readonly signalActions: readonly SignalAction[];
  /** Number of signals that wait for the process as a whole. */
  readonly pendingSignals: number;
  readonly timers: ProcessTimers;
  readonly oomScoreAdjustment: number | undefined;
  /** Login uid of the audit system; 4294967295 is none. */
  readonly loginUid: number | undefined;
  readonly personality: number | undefined;
  readonly childSubreaper: boolean;
  readonly descriptors: readonly Descriptor[];
  /** Files and folders that the process asked to hear of (inotify(7), fanotify(7)), where the dump names them. */
  readonly watches: readonly FileWatch[];
  readonly mappings: readonly Mapping[];
  /** Undefined for a process without memory of its own (a zombie). */
  readonly memory: AddressSpace | undefined;
  readonly addresses: ProgramAddresses | undefined;
  /** PR_SET_DUMPABLE of prctl(2): 0 forbids others to look into the process; undefined where the dump does not say. */
  readonly dumpable: number | undefined;
  readonly auxiliaryVector: ReadonlyMap<bigint, bigint>;
}

export interface FileWatch {
  readonly fd: number;
  readonly path: string;
}

export interface ResourceLimit {
  readonly name: string;
  /** 2^64 - 1 is unlimited. */
  readonly soft: bigint;
  readonly hard: bigint;
}

/** What a process does on a signal; only those that are not the default are listed. */
export interface SignalAction {
  readonly signal: string;
  readonly handler: 'ignore' | bigint;
  readonly flags: bigint;
  readonly mask: bigint;
}

/** Where the kernel noted the parts of a program (prctl(2), PR_SET_MM). */
export interface ProgramAddresses {
  readonly code: readonly [bigint, bigint];
  readonly data: readonly [bigint, bigint];
  readonly heap: readonly [bigint, bigint];
  readonly stack: bigint;
  readonly arguments: readonly [bigint, bigint];
  readonly environment: readonly [bigint, bigint];
}

export interface ProcessContext extends MemoryContext {
  readonly images: ImageReader;
  readonly cgroups: ReadonlyMap<number, readonly CgroupMembership[]>;
  readonly rootCgroup: number | undefined;
}

/** Every process of the tree, in its order. */
export async function readProcesses(tree: ProcessTree, context: ProcessContext): Promise<{ processes: Process[]; machine: MachineFacts | undefined }> {
  const processes: Process[] = [];
  let machine: MachineFacts | undefined;
  for (const node of tree.nodes) {
    const core = (await context.images.first(`core-${node.pid}.img`, coreImageGeneral, `state of process ${node.pid}`))?.message;
    machine ??= core === undefined ? undefined : machineOfCore(core);
    processes.push(await readProcess(node, core, machine, context));
  }
  return { processes, machine };
}

async function readProcess(node: TreeNode, core: CoreEntry | undefined, machine: MachineFacts | undefined, context: ProcessContext): Promise<Process> {
  const { images } = context;
  const { pid, ppid, pgid, sid } = node;
  const state = core?.tc === undefined ? undefined : taskState(core.tc.task_state);
  const gone = state === 'zombie' || state === 'dead';
  const ids = core?.ids ?? (gone ? undefined : (await images.first(`ids-${pid}.img`, imageTypes.IDS, `namespaces of process ${pid}`))?.message);
  const fs = gone ? undefined : (await images.first(`fs-${pid}.img`, imageTypes.FS, `working directory of process ${pid}`))?.message;
  const comm = core?.tc?.comm ?? '';
  // The threads that the tree names for a zombie are gone, and carry ids of the node.
  const threads = await readThreads(gone ? { ...node, threads: [pid] } : node, core, comm, images);
  const descriptors = ids === undefined ? [] : await descriptorsOf(ids.files_id, pid, context);
  const cgroupSet = core?.thread_core?.cg_set ?? core?.tc?.cg_set ?? context.rootCgroup;
  return {
    pid,
    ppid,
    pgid,
    sid,
    comm,
    state,
    exitCode: core?.tc?.exit_code,
    ...(await readProgram(pid, gone, machine, context)),
    cwd: fs === undefined ? undefined : describeFile(fs.cwd_id, context),
    root: fs === undefined ? undefined : describeFile(fs.root_id, context),
    umask: fs?.umask,
    credentials: threads[0]?.credentials ?? (await olderCredentials(pid, images)),
    threads,
    namespaces: ids === undefined ? undefined : namespaceIdsOf(ids),
    cgroups: cgroupSet === undefined ? [] : (context.cgroups.get(cgroupSet) ?? []),
    // Named when asked for: a triage shows none of these.
    get limits() {
      return (core?.tc?.rlimits?.rlimits ?? []).map(({ cur, max }, i) => ({ name: limitName(i), soft: cur, hard: max }));
    },
    get signalActions() {
      return signalActionsOf(core);
    },
    pendingSignals: core?.tc?.signals_s?.signals.length ?? 0,
    timers: timersOf(core),
    oomScoreAdjustment: core?.tc?.oom_score_adj,
    loginUid: core?.tc?.loginuid,
    personality: core?.tc?.personality,
    childSubreaper: core?.tc?.child_subreaper === true,
    descriptors,
    get watches() {
      return descriptors.flatMap(({ fd, fileId }) => watchedPaths(context.entries.get(fileId)).map((path) => ({ fd, path })));
    },
  };
}

/** CRIU keeps the path of a watch where it could find one (`fh_entry.path`). */
function watchedPaths(entry: FileEntry | undefined): readonly string[] {
  const paths = [...(entry?.ify?.wd ?? []).map(({ f_handle }) => f_handle.path), ...(entry?.ffy?.mark ?? []).map(({ ie, me }) => ie?.f_handle.path ?? me?.path)];
  return paths.flatMap((path) => (path === undefined || path === '' ? [] : [path.startsWith('/') ? path : `/${path}`]));
}

async function readThreads(node: TreeNode, core: CoreEntry | undefined, comm: string, images: ImageReader): Promise<Thread[]> {
  const threads: Thread[] = [];
  for (const tid of node.threads) {
    const own = tid === node.pid ? core : (await images.first(`core-${tid}.img`, coreImageGeneral, `state of thread ${tid}`))?.message;
    if (own !== undefined) threads.push(threadOf(tid, own, comm));
  }
  return threads;
}

type ProgramPart = 'arguments' | 'environment' | 'executable' | 'mappings' | 'memory' | 'addresses' | 'dumpable' | 'auxiliaryVector';

async function readProgram(pid: number, gone: boolean, machine: MachineFacts | undefined, context: ProcessContext): Promise<Pick<Process, ProgramPart>> {
  const { images } = context;
  const without: Pick<Process, ProgramPart> = {
    arguments: { state: 'none' },
    environment: { state: 'none' },
    executable: undefined,
    mappings: [],
    memory: undefined,
    addresses: undefined,
    dumpable: undefined,
    auxiliaryVector: new Map(),
  };
  if (gone) return without;
  const image = `mm-${pid}.img`;
  const mm = (await images.first(image, imageTypes.MM, `memory of process ${pid}`))?.message;
  if (mm === undefined) {
    const unknown: ProgramText = { state: 'unavailable', reason: `${image} cannot be read` };
    return { ...without, arguments: unknown, environment: unknown };
  }
  const older = mm.vmas.length > 0 ? [] : (await images.read(`vmas-${pid}.img`, imageTypes.VMAS)).map(({ message }) => message);
  const gaps: Gap[] = [];
  const mappings = mappingsOf(mm, older, context, image, gaps);
  const { auxiliaryVector, pageSize = machine?.pageSize ?? 4096 } = auxvOf(mm.mm_saved_auxv, pid, image, gaps);
  const memory = await openMemory(pid, mappings, images, context, pageSize);
  images.gaps.push(...gaps, ...memory.pages.gaps);
  return {
    arguments: await readArguments(memory, [mm.mm_arg_start, mm.mm_arg_end], [mm.mm_env_start, mm.mm_env_end]),
    environment: await readEnvironment(memory, mm.mm_env_start, mm.mm_env_end),
    executable: describeFile(mm.exe_file_id, context),
    mappings,
    memory,
    auxiliaryVector,
    dumpable: mm.dumpable,
    addresses: {
      code: [mm.mm_start_code, mm.mm_end_code],
      data: [mm.mm_start_data, mm.mm_end_data],
      heap: [mm.mm_start_brk, mm.mm_brk],
      stack: mm.mm_start_stack,
      arguments: [mm.mm_arg_start, mm.mm_arg_end],
      environment: [mm.mm_env_start, mm.mm_env_end],
    },
  };
}

/** The auxiliary vector, and the page size that it names; a damaged one is told as a gap. */
function auxvOf(saved: readonly bigint[], pid: number, image: string, gaps: Gap[]): { auxiliaryVector: ReadonlyMap<bigint, bigint>; pageSize?: number | undefined } {
  let auxiliaryVector: ReadonlyMap<bigint, bigint> = new Map();
  try {
    auxiliaryVector = parseAuxv(saved);
    return { auxiliaryVector, pageSize: auxvPageSize(auxiliaryVector) };
  } catch (error) {
    gaps.push({ ...gapOf(`auxiliary vector of process ${pid}`, error), place: { image } });
    return { auxiliaryVector };
  }
}

async function olderCredentials(pid: number, images: ImageReader): Promise<Credentials | undefined> {
  const entry = await images.first(`creds-${pid}.img`, imageTypes.CREDS);
  return entry === undefined ? undefined : credentialsOf(entry.message);
}

function signalActionsOf(core: CoreEntry | undefined): SignalAction[] {
  return (core?.tc?.sigactions ?? []).flatMap(({ sigaction, flags, mask }, i) => {
    // CRIU leaves out SIGKILL and SIGSTOP, which nobody can handle.
    const number = i + 1 + (i >= 8 ? 1 : 0) + (i >= 17 ? 1 : 0);
    if (sigaction === 0n) return [];
    return [{ signal: signalName(number), handler: sigaction === 1n ? ('ignore' as const) : sigaction, flags, mask }];
  });
}
