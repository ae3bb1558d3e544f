import { signalName, type SignalNumbering } from './signals.ts';

/** State of a task when it was frozen. */
export type TaskState = 'alive' | 'dead' | 'stopped' | 'zombie';

const states: Readonly<Record<number, TaskState>> = { 1: 'alive', 2: 'dead', 3: 'stopped', 6: 'zombie' };

/**
 * State of a task from CRIU's task_core_entry.task_state (compel/include/uapi/task-state.h). CRIU itself writes
 * `dead` for a task that had ended and that its parent had not waited for: what /proc calls a zombie.
 * Undefined for a number that no CRIU writes.
 */
export function taskState(state: number): TaskState | undefined {
  return states[state];
}

/** The letter of /proc/PID/stat: `Z` for both states of ended tasks, `T` for stopped ones. */
export function stateLetter(state: TaskState): 'R' | 'T' | 'Z' {
  if (state === 'alive') return 'R';
  return state === 'stopped' ? 'T' : 'Z';
}

/** How a task ended, as wait(2) tells it. */
export type ExitStatus =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: number; readonly coreDumped: boolean };

/** The parts of an exit code as wait(2) and CRIU's task_core_entry.exit_code hold it. */
export function exitStatus(code: number): ExitStatus {
  const signal = code & 0x7f;
  if (signal === 0) return { kind: 'exited', status: (code >> 8) & 0xff };
  return { kind: 'killed', signal, coreDumped: (code & 0x80) !== 0 };
}

/** `exited 3`, `killed by SIGKILL`, `killed by SIGSEGV, core dumped`. */
export function formatExitCode(code: number, numbering: SignalNumbering = 'generic'): string {
  const end = exitStatus(code);
  if (end.kind === 'exited') return `exited ${end.status}`;
  return `killed by ${signalName(end.signal, numbering)}${end.coreDumped ? ', core dumped' : ''}`;
}
