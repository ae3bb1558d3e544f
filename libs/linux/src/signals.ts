import { type NameTable } from './names.ts';

const generic: NameTable = [
  '', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS',
  'SIGFPE', 'SIGKILL', 'SIGUSR1', 'SIGSEGV', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM',
  'SIGSTKFLT', 'SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG',
  'SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGPROF', 'SIGWINCH', 'SIGIO', 'SIGPWR', 'SIGSYS',
];

const mips: NameTable = [
  '', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGEMT',
  'SIGFPE', 'SIGKILL', 'SIGBUS', 'SIGSEGV', 'SIGSYS', 'SIGPIPE', 'SIGALRM', 'SIGTERM',
  'SIGUSR1', 'SIGUSR2', 'SIGCHLD', 'SIGPWR', 'SIGWINCH', 'SIGURG', 'SIGIO', 'SIGSTOP',
  'SIGTSTP', 'SIGCONT', 'SIGTTIN', 'SIGTTOU', 'SIGVTALRM', 'SIGPROF', 'SIGXCPU', 'SIGXFSZ',
];

/** Whose signal numbers: MIPS has its own, every other architecture that CRIU knows has the generic ones. */
export type SignalNumbering = 'generic' | 'mips';

/** The kernel's SIGRTMIN; the C library keeps the first two or three real-time signals for itself. */
const firstRealTime = 32;

/**
 * Name of a signal number: `SIGKILL`, `SIGRTMIN+2` (counted from the kernel's SIGRTMIN, which is 32),
 * `SIG_200` for what is no signal.
 */
export function signalName(number: number, numbering: SignalNumbering = 'generic'): string {
  const last = numbering === 'mips' ? 128 : 64;
  if (number >= firstRealTime && number <= last) {
    return number === firstRealTime ? 'SIGRTMIN' : `SIGRTMIN+${number - firstRealTime}`;
  }
  const name = (numbering === 'mips' ? mips : generic)[number];
  return name === undefined || name === '' ? `SIG_${number}` : name;
}

/** Names of the signals in a kernel sigset of 64 bits, lowest first; bit n stands for signal n + 1. */
export function signalNames(set: bigint, numbering: SignalNumbering = 'generic'): string[] {
  const bits = BigInt.asUintN(64, set);
  const names: string[] = [];
  for (let bit = 0; bit < 64; bit++) {
    if ((bits >> BigInt(bit)) & 1n) names.push(signalName(bit + 1, numbering));
  }
  return names;
}
