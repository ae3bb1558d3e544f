/* Processes: the tree, what each task and thread is and may do. */
import { enumeration, message, optional, repeated, required } from '../message.ts';
import { threadInfoAarch64, threadInfoArm, threadInfoLoongarch64, threadInfoMips, threadInfoPpc64, threadInfoRiscv64, threadInfoS390 } from './registers.ts';
import { threadInfoX86, threadInfoX86General } from './registers-x86.ts';

export const credsEntry = message('creds_entry', {
  uid: required(1, 'uint32'),
  gid: required(2, 'uint32'),
  euid: required(3, 'uint32'),
  egid: required(4, 'uint32'),
  suid: required(5, 'uint32'),
  sgid: required(6, 'uint32'),
  fsuid: required(7, 'uint32'),
  fsgid: required(8, 'uint32'),
  cap_inh: repeated(9, 'uint32'),
  cap_prm: repeated(10, 'uint32'),
  cap_eff: repeated(11, 'uint32'),
  cap_bnd: repeated(12, 'uint32'),
  secbits: required(13, 'uint32'),
  groups: repeated(14, 'uint32'),
  lsm_profile: optional(15, 'string'),
  lsm_sockcreate: optional(16, 'string'),
  apparmor_data: optional(17, 'bytes'),
  no_new_privs: optional(18, 'uint32'),
  cap_amb: repeated(19, 'uint32'),
});

export const saEntry = message('sa_entry', {
  sigaction: required(1, 'uint64', 'hex'),
  flags: required(2, 'uint64', 'hex'),
  restorer: required(3, 'uint64', 'hex'),
  mask: required(4, 'uint64', 'hex'),
  compat_sigaction: optional(5, 'bool'),
  mask_extended: optional(6, 'uint64', 'hex'),
});

export const siginfoEntry = message('siginfo_entry', {
  siginfo: required(1, 'bytes'),
});

export const signalQueueEntry = message('signal_queue_entry', {
  signals: repeated(1, siginfoEntry),
});

export const rlimitEntry = message('rlimit_entry', {
  cur: required(1, 'uint64'),
  max: required(2, 'uint64'),
});

export const itimerEntry = message('itimer_entry', {
  isec: required(1, 'uint64'),
  iusec: required(2, 'uint64'),
  vsec: required(3, 'uint64'),
  vusec: required(4, 'uint64'),
});

export const posixTimerEntry = message('posix_timer_entry', {
  it_id: required(1, 'uint32'),
  clock_id: required(2, 'uint32'),
  si_signo: required(3, 'uint32'),
  it_sigev_notify: required(4, 'uint32'),
  sival_ptr: required(5, 'uint64'),
  overrun: required(6, 'uint32'),
  isec: required(7, 'uint64'),
  insec: required(8, 'uint64'),
  vsec: required(9, 'uint64'),
  vnsec: required(10, 'uint64'),
  notify_thread_id: optional(11, 'int32'),
});

export const taskTimersEntry = message('task_timers_entry', {
  real: required(1, itimerEntry),
  virt: required(2, itimerEntry),
  prof: required(3, itimerEntry),
  posix: repeated(4, posixTimerEntry),
});

export const rseqEntry = message('rseq_entry', {
  rseq_abi_pointer: required(1, 'uint64'),
  rseq_abi_size: required(2, 'uint32'),
  signature: required(3, 'uint32'),
  rseq_cs_pointer: optional(4, 'uint64'),
});

export const seccompMode = enumeration('seccomp_mode', { disabled: 0, strict: 1, filter: 2 });

export const taskRlimitsEntry = message('task_rlimits_entry', {
  rlimits: repeated(1, rlimitEntry),
});

export const taskCoreEntry = message('task_core_entry', {
  task_state: required(1, 'uint32', 'name:task_state'),
  exit_code: required(2, 'uint32'),
  personality: required(3, 'uint32'),
  flags: required(4, 'uint32'),
  blk_sigset: required(5, 'uint64', 'hex'),
  comm: required(6, 'string'),
  timers: optional(7, taskTimersEntry),
  rlimits: optional(8, taskRlimitsEntry),
  cg_set: optional(9, 'uint32'),
  signals_s: optional(10, signalQueueEntry),
  old_seccomp_mode: optional(11, seccompMode),
  old_seccomp_filter: optional(12, 'uint32'),
  loginuid: optional(13, 'uint32'),
  oom_score_adj: optional(14, 'int32'),
  sigactions: repeated(15, saEntry),
  child_subreaper: optional(18, 'bool'),
  blk_sigset_extended: optional(20, 'uint64', 'hex'),
  stop_signo: optional(21, 'uint32'),
  membarrier_registration_mask: optional(22, 'uint32', 'hex'),
});

export const taskKobjIdsEntry = message('task_kobj_ids_entry', {
  vm_id: required(1, 'uint32'),
  files_id: required(2, 'uint32'),
  fs_id: required(3, 'uint32'),
  sighand_id: required(4, 'uint32'),
  pid_ns_id: optional(5, 'uint32'),
  net_ns_id: optional(6, 'uint32'),
  ipc_ns_id: optional(7, 'uint32'),
  uts_ns_id: optional(8, 'uint32'),
  mnt_ns_id: optional(9, 'uint32'),
  user_ns_id: optional(10, 'uint32'),
  cgroup_ns_id: optional(11, 'uint32'),
  time_ns_id: optional(12, 'uint32'),
});

export const threadSasEntry = message('thread_sas_entry', {
  ss_sp: required(1, 'uint64'),
  ss_size: required(2, 'uint64'),
  ss_flags: required(3, 'uint32'),
});

export const threadCoreEntry = message('thread_core_entry', {
  futex_rla: required(1, 'uint64'),
  futex_rla_len: required(2, 'uint32'),
  sched_nice: optional(3, 'sint32'),
  sched_policy: optional(4, 'uint32'),
  sched_prio: optional(5, 'uint32'),
  blk_sigset: optional(6, 'uint64'),
  sas: optional(7, threadSasEntry),
  pdeath_sig: optional(8, 'uint32'),
  signals_p: optional(9, signalQueueEntry),
  creds: optional(10, credsEntry),
  seccomp_mode: optional(11, seccompMode),
  seccomp_filter: optional(12, 'uint32'),
  comm: optional(13, 'string'),
  blk_sigset_extended: optional(14, 'uint64'),
  rseq_entry: optional(15, rseqEntry),
  cg_set: optional(16, 'uint32'),
});

export const march = enumeration('march', { UNKNOWN: 0, X86_64: 1, ARM: 2, AARCH64: 3, PPC64: 4, S390: 5, MIPS: 6, LOONGARCH64: 7, RISCV64: 8 });

export const coreEntry = message('core_entry', {
  mtype: required(1, march),
  thread_info: optional(2, threadInfoX86),
  ti_arm: optional(6, threadInfoArm),
  ti_aarch64: optional(8, threadInfoAarch64),
  ti_ppc64: optional(9, threadInfoPpc64),
  ti_s390: optional(10, threadInfoS390),
  ti_mips: optional(11, threadInfoMips),
  ti_loongarch64: optional(12, threadInfoLoongarch64),
  ti_riscv64: optional(13, threadInfoRiscv64),
  tc: optional(3, taskCoreEntry),
  ids: optional(4, taskKobjIdsEntry),
  thread_core: optional(5, threadCoreEntry),
});

/** `core_entry` for those who do not need floating point state, which is most of its bytes: it stays among the unknown. */
export const coreEntryGeneral = message('core_entry', {
  ...coreEntry.fields,
  thread_info: optional(2, threadInfoX86General),
});

export const pstreeEntry = message('pstree_entry', {
  pid: required(1, 'uint32'),
  ppid: required(2, 'uint32'),
  pgid: required(3, 'uint32'),
  sid: required(4, 'uint32'),
  threads: repeated(5, 'uint32'),
});

export const seccompFilter = message('seccomp_filter', {
  filter: required(1, 'bytes'),
  prev: optional(2, 'uint32'),
  flags: optional(3, 'uint32'),
});

export const seccompEntry = message('seccomp_entry', {
  seccomp_filters: repeated(1, seccompFilter),
});
