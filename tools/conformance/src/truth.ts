import { readFileSync } from 'node:fs';

/** `NAME.truth.json`: what /proc, ss and the overlay's upper directory said just before the freeze. */
export interface Truth {
  readonly processes: readonly TruthProcess[];
  /** Files of `/proc/net` by name. */
  readonly net: Readonly<Record<string, string>>;
  readonly ss: string;
  readonly ss_x: string;
  /** Lines of `/proc/1/mountinfo`. */
  readonly mountinfo: readonly string[];
  readonly upper_files?: readonly UpperFile[];
  /** Lines of `podman diff`: `A /added`, `C /changed`, `D /deleted`. */
  readonly podman_diff?: readonly string[];
  readonly uts: string;
  /** Files of `/proc/sysvipc`, one after the other. */
  readonly ipcs: string;
}

/** A process by its files in `/proc/PID`. Those of a zombie are null where the kernel gives none. */
export interface TruthProcess {
  readonly host_pid: number;
  readonly ns_pid: number;
  readonly ns_ppid: number;
  readonly ns_pgid: number;
  readonly ns_sid: number;
  readonly comm: string;
  readonly state: string;
  readonly status: Readonly<Record<string, string>>;
  readonly cmdline: readonly string[];
  readonly environ: readonly string[];
  readonly exe: string | null;
  readonly exe_sha256?: string | null;
  readonly cwd: string | null;
  readonly root: string | null;
  readonly limits: string;
  readonly cgroup: string;
  readonly oom_score_adj: string;
  readonly loginuid: string;
  readonly personality: string;
  readonly timers: string;
  readonly auxv_hex: string;
  readonly threads: readonly TruthThread[];
  readonly fds: readonly TruthDescriptor[];
  readonly maps?: readonly TruthMapping[];
  readonly needles?: readonly TruthNeedle[];
  readonly page_samples?: readonly TruthPage[];
}

export interface TruthThread {
  readonly ns_tid: number;
  readonly comm: string;
  readonly SigBlk: string;
  readonly SigPnd: string;
  /** `/proc/PID/task/TID/syscall`: number, six arguments, stack pointer, program counter. */
  readonly syscall: string;
}

export interface TruthDescriptor {
  readonly fd: number;
  readonly link: string;
  readonly fdinfo: string;
  /** Octal, with the type bits. */
  readonly mode: string;
  readonly ino: number;
  readonly size: number;
  readonly sha256?: string;
}

/** A line of `/proc/PID/maps`; numbers are hex without a prefix. */
export interface TruthMapping {
  readonly start: string;
  readonly end: string;
  readonly perms: string;
  readonly off: string;
  readonly path: string;
}

export interface TruthNeedle {
  readonly needle: string;
  readonly vaddr: string;
  readonly perms: string;
  readonly path: string;
}

export interface TruthPage {
  readonly vaddr: string;
  readonly sha256: string;
  readonly file_page: boolean;
  readonly perms: string;
  readonly path: string;
}

/** A file of the overlay's upper directory. */
export interface UpperFile {
  readonly path: string;
  /** Octal, with the type bits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly sha256?: string;
  readonly target?: string;
  readonly whiteout?: boolean;
}

export function readTruth(path: string): Truth {
  const truth: Truth = JSON.parse(readFileSync(path, 'utf8'));
  return truth;
}
