import { formatExitCode, personalityNames } from '@icecore/linux';
import { bigint, boolean, integer, nullable, structList, text, textList, type ValuesOf } from '@icecore/lake';
import { inTreeOrder, type NamespaceKind, type Process, sharedWithNode, valuesOf } from '@icecore/snapshot';
import { credentialColumns, credentialValues } from '../credential-columns.ts';
import { type Filling, filledTable } from '../filled-table.ts';
import type { Redaction } from '../redaction.ts';
import { byPid, whole } from '../values.ts';

const textState = 'captured, partial (some bytes are not in the archive), none (a zombie) or unavailable';
const namespaceId = (kind: string) => nullable(bigint(`Id of the ${kind} namespace as the dump numbers them; NULL where the dump does not say.`));

const columns = {
  pid: bigint('Process id inside the container.'),
  ppid: bigint('Process id of the parent; 0 for the root of the dump.'),
  pgid: bigint('Process group id.'),
  sid: bigint('Session id.'),
  tree_depth: integer('Distance from the root of the process tree; 0 for the root.'),
  comm: text('Name of the main thread, as /proc/PID/comm shows it.'),
  state: nullable(text('State at the moment of the checkpoint; NULL where the dump has no core image of the process.')),
  exit_code: nullable(bigint('Status for wait(2), which means something for a zombie; NULL where not captured.')),
  exit_status: nullable(text('How a zombie ended; NULL for a process that has not.')),
  arguments: textList('Arguments, read from the memory of the process, which may have overwritten them, with a mark in place of each secret.'),
  command_line: text('Arguments joined by spaces.'),
  arguments_state: text(`What is known of the arguments: ${textState}.`),
  environment_state: text(`What is known of the environment: ${textState}.`),
  executable: nullable(text('Path of the executable; NULL where not captured.')),
  executable_deleted: nullable(boolean('True where the path of the executable has no file any more; NULL where not captured.')),
  executable_type: nullable(text('Kind of the executable file in the words of CRIU: REG, MEMFD; NULL where not captured.')),
  executable_build_id: nullable(text('GNU build id of the executable, in hex; NULL where the dump does not say.')),
  executable_size: nullable(bigint('Size of the executable, in bytes; NULL where the dump does not say.')),
  executable_mode: nullable(bigint('Type and permission bits of the executable; NULL where the dump does not say.')),
  cwd: nullable(text('Working directory; NULL where not captured.')),
  root: nullable(text('Root directory; NULL where not captured.')),
  umask: nullable(bigint('File mode creation mask; NULL where not captured.')),
  ...credentialColumns,
  seccomp_mode: nullable(text('Seccomp mode of the main thread: disabled, strict or filter; NULL where not captured.')),
  seccomp_filter: nullable(bigint('Index of the newest seccomp filter of the main thread; NULL where it has none.')),
  thread_count: integer('Number of threads that the dump has.'),
  pid_namespace: namespaceId('pid'),
  network_namespace: namespaceId('network'),
  ipc_namespace: namespaceId('ipc'),
  uts_namespace: namespaceId('uts'),
  mount_namespace: namespaceId('mount'),
  user_namespace: namespaceId('user'),
  cgroup_namespace: namespaceId('cgroup'),
  time_namespace: namespaceId('time'),
  namespaces_shared_with_node: nullable(textList('Kinds of namespaces that the process shares with the node; NULL where the dump does not say.')),
  cgroups: structList(
    { controllers: text('Controllers joined by commas; empty for the unified hierarchy.'), path: text('Path of the group.') },
    'Control groups of the process; empty where the dump names none.',
  ),
  oom_score_adjustment: nullable(bigint('Adjustment of the out-of-memory score; NULL where the dump does not say.')),
  login_uid: nullable(bigint('Login user id of the audit system, 4294967295 for none; NULL where the dump does not say.')),
  personality: nullable(bigint('Execution domain of personality(2); NULL where not captured.')),
  personality_names: nullable(textList('Names of the execution domain and its flags; NULL where not captured.')),
  child_subreaper: boolean('True where orphans among the descendants become children of this process.'),
  pending_signals: integer('Number of signals that wait for the process as a whole.'),
};

export const processes = filledTable(
  { name: 'processes', description: 'One process as it stood at the moment of the checkpoint.', version: 1, columns, sortBy: ['pid'] },
  function* ({ snapshot, gaps, redaction }: Filling): Iterable<ValuesOf<typeof columns>> {
    const depths = new Map(inTreeOrder(snapshot.processes).map(({ process: { pid }, depth }) => [pid, depth]));
    for (const process of byPid(snapshot.processes)) {
      for (const part of ['arguments', 'environment'] as const) {
        const told = process[part];
        if ('reason' in told) gaps.push({ code: 'missing', subject: `${part} of process ${process.pid}`, reason: told.reason, place: {} });
      }
      const { pid, ppid, pgid, sid, comm, state, exitCode } = process;
      yield {
        pid: BigInt(pid),
        ppid: BigInt(ppid),
        pgid: BigInt(pgid),
        sid: BigInt(sid),
        tree_depth: depths.get(pid) ?? 0,
        comm,
        state: state ?? null,
        exit_code: whole(exitCode),
        exit_status: exitCode !== undefined && (state === 'zombie' || state === 'dead') ? formatExitCode(exitCode) : null,
        ...programValues(process, redaction),
        ...credentialValues(process.credentials),
        seccomp_mode: process.threads[0]?.seccomp.mode ?? null,
        seccomp_filter: whole(process.threads[0]?.seccomp.filter),
        thread_count: process.threads.length,
        ...namespaceValues(process),
        namespaces_shared_with_node:
          process.namespaces === undefined || snapshot.nodeNamespaces === undefined ? null : sharedWithNode(process.namespaces, snapshot.nodeNamespaces),
        cgroups: process.cgroups,
        oom_score_adjustment: whole(process.oomScoreAdjustment),
        login_uid: whole(process.loginUid),
        personality: whole(process.personality),
        personality_names: process.personality === undefined ? null : personalityNames(process.personality),
        child_subreaper: process.childSubreaper,
        pending_signals: process.pendingSignals,
      };
    }
  },
);

function programValues({ arguments: told, environment, executable, cwd, root, umask }: Process, redaction: Redaction) {
  const values = redaction.arguments(valuesOf(told));
  return {
    arguments: values,
    command_line: values.join(' '),
    arguments_state: told.state,
    environment_state: environment.state,
    executable: executable?.name ?? null,
    executable_deleted: executable?.deleted ?? null,
    executable_type: executable?.type ?? null,
    executable_build_id: executable?.buildId ?? null,
    executable_size: whole(executable?.size),
    executable_mode: whole(executable?.mode),
    cwd: cwd?.name ?? null,
    root: root?.name ?? null,
    umask: whole(umask),
  };
}

function namespaceValues({ namespaces }: Process) {
  const id = (kind: NamespaceKind): bigint | null => whole(namespaces?.[kind]);
  return {
    pid_namespace: id('pid'),
    network_namespace: id('net'),
    ipc_namespace: id('ipc'),
    uts_namespace: id('uts'),
    mount_namespace: id('mnt'),
    user_namespace: id('user'),
    cgroup_namespace: id('cgroup'),
    time_namespace: id('time'),
  };
}
