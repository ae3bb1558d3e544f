import { type coreImageGeneral, type MessageOf } from '@icecore/criu';
import { schedulingPolicy, signalNames } from '@icecore/linux';
import { credentialsOf, type Credentials } from './credentials.ts';
import { type Registers, registersOf } from './registers.ts';

export type CoreEntry = MessageOf<typeof coreImageGeneral.message>;

/** A thread as it stood when the container was frozen. */
export interface Thread {
  readonly tid: number;
  readonly comm: string;
  readonly registers: Registers | undefined;
  readonly credentials: Credentials | undefined;
  readonly blockedSignals: readonly string[];
  /** Mode: `disabled`, `strict`, `filter`, or `unknown` for a thread that has ended. */
  readonly seccomp: { readonly mode: string; readonly filter: number | undefined };
  readonly scheduling: { readonly policy: string; readonly priority: number; readonly nice: number };
  /** Number of signals that wait for this thread alone. */
  readonly pendingSignals: number;
  /** Signal that the thread gets when its parent dies, 0 for none. */
  readonly parentDeathSignal: number;
}

/** A thread from its `core-<tid>.img`; `leaderComm` is the name that threads of old dumps share. */
export function threadOf(tid: number, core: CoreEntry, leaderComm: string): Thread {
  const entry = core.thread_core;
  // CRIU writes the mode only where there is one, and nothing at all of a thread that has ended.
  const mode = entry?.seccomp_mode ?? core.tc?.old_seccomp_mode ?? (entry === undefined ? 'unknown' : 'disabled');
  return {
    tid,
    comm: entry?.comm ?? core.tc?.comm ?? leaderComm,
    get registers() {
      return registersOf(core);
    },
    credentials: entry?.creds === undefined ? undefined : credentialsOf(entry.creds),
    get blockedSignals() {
      return signalNames(entry?.blk_sigset ?? core.tc?.blk_sigset ?? 0n);
    },
    seccomp: { mode: String(mode), filter: mode === 'filter' ? (entry?.seccomp_filter ?? core.tc?.old_seccomp_filter) : undefined },
    scheduling: { policy: schedulingPolicy(entry?.sched_policy ?? 0), priority: entry?.sched_prio ?? 0, nice: entry?.sched_nice ?? 0 },
    pendingSignals: entry?.signals_p?.signals.length ?? 0,
    parentDeathSignal: entry?.pdeath_sig ?? 0,
  };
}
