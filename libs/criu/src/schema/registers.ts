/* Registers of threads on the other machines that CRIU knows. */
import { message, optional, repeated, required } from '../message.ts';

export const userArmRegsEntry = message('user_arm_regs_entry', {
  r0: required(1, 'uint32'),
  r1: required(2, 'uint32'),
  r2: required(3, 'uint32'),
  r3: required(4, 'uint32'),
  r4: required(5, 'uint32'),
  r5: required(6, 'uint32'),
  r6: required(7, 'uint32'),
  r7: required(8, 'uint32'),
  r8: required(9, 'uint32'),
  r9: required(10, 'uint32'),
  r10: required(11, 'uint32'),
  fp: required(12, 'uint32'),
  ip: required(13, 'uint32'),
  sp: required(14, 'uint32'),
  lr: required(15, 'uint32'),
  pc: required(16, 'uint32'),
  cpsr: required(17, 'uint32'),
  orig_r0: required(18, 'uint32'),
});

export const userArmVfpstateEntry = message('user_arm_vfpstate_entry', {
  vfp_regs: repeated(1, 'uint64'),
  fpscr: required(2, 'uint32'),
  fpexc: required(3, 'uint32'),
  fpinst: required(4, 'uint32'),
  fpinst2: required(5, 'uint32'),
});

export const threadInfoArm = message('thread_info_arm', {
  clear_tid_addr: required(1, 'uint64', 'hex'),
  tls: required(2, 'uint32'),
  gpregs: required(3, userArmRegsEntry, 'hex'),
  fpstate: required(4, userArmVfpstateEntry),
});

export const userAarch64RegsEntry = message('user_aarch64_regs_entry', {
  regs: repeated(1, 'uint64'),
  sp: required(2, 'uint64'),
  pc: required(3, 'uint64'),
  pstate: required(4, 'uint64'),
});

export const userAarch64FpsimdContextEntry = message('user_aarch64_fpsimd_context_entry', {
  vregs: repeated(1, 'uint64'),
  fpsr: required(2, 'uint32'),
  fpcr: required(3, 'uint32'),
});

export const pacAddressKeys = message('pac_address_keys', {
  apiakey_lo: required(1, 'uint64'),
  apiakey_hi: required(2, 'uint64'),
  apibkey_lo: required(3, 'uint64'),
  apibkey_hi: required(4, 'uint64'),
  apdakey_lo: required(5, 'uint64'),
  apdakey_hi: required(6, 'uint64'),
  apdbkey_lo: required(7, 'uint64'),
  apdbkey_hi: required(8, 'uint64'),
  pac_enabled_key: required(9, 'uint64'),
});

export const pacGenericKeys = message('pac_generic_keys', {
  apgakey_lo: required(1, 'uint64'),
  apgakey_hi: required(2, 'uint64'),
});

export const pacKeys = message('pac_keys', {
  pac_address_keys: optional(6, pacAddressKeys),
  pac_generic_keys: optional(7, pacGenericKeys),
});

export const threadInfoAarch64 = message('thread_info_aarch64', {
  clear_tid_addr: required(1, 'uint64', 'hex'),
  tls: required(2, 'uint64'),
  gpregs: required(3, userAarch64RegsEntry, 'hex'),
  fpsimd: required(4, userAarch64FpsimdContextEntry),
  pac_keys: optional(5, pacKeys),
});

export const userPpc64RegsEntry = message('user_ppc64_regs_entry', {
  gpr: repeated(1, 'uint64'),
  nip: required(2, 'uint64'),
  msr: required(3, 'uint64'),
  orig_gpr3: required(4, 'uint64'),
  ctr: required(5, 'uint64'),
  link: required(6, 'uint64'),
  xer: required(7, 'uint64'),
  ccr: required(8, 'uint64'),
  trap: required(9, 'uint64'),
  texasr: optional(10, 'uint64'),
  tfhar: optional(11, 'uint64'),
  tfiar: optional(12, 'uint64'),
});

export const userPpc64FpstateEntry = message('user_ppc64_fpstate_entry', {
  fpregs: repeated(1, 'uint64'),
});

export const userPpc64VrstateEntry = message('user_ppc64_vrstate_entry', {
  vrregs: repeated(1, 'uint64'),
  vrsave: required(2, 'uint32'),
});

export const userPpc64VsxstateEntry = message('user_ppc64_vsxstate_entry', {
  vsxregs: repeated(1, 'uint64'),
});

export const userPpc64TmRegsEntry = message('user_ppc64_tm_regs_entry', {
  gpregs: required(1, userPpc64RegsEntry),
  fpstate: optional(2, userPpc64FpstateEntry),
  vrstate: optional(3, userPpc64VrstateEntry),
  vsxstate: optional(4, userPpc64VsxstateEntry),
});

export const threadInfoPpc64 = message('thread_info_ppc64', {
  clear_tid_addr: required(1, 'uint64', 'hex'),
  gpregs: required(2, userPpc64RegsEntry, 'hex'),
  fpstate: optional(3, userPpc64FpstateEntry),
  vrstate: optional(4, userPpc64VrstateEntry),
  vsxstate: optional(5, userPpc64VsxstateEntry),
  tmstate: optional(6, userPpc64TmRegsEntry),
});

export const userS390RegsEntry = message('user_s390_regs_entry', {
  psw_mask: required(1, 'uint64'),
  psw_addr: required(2, 'uint64'),
  gprs: repeated(3, 'uint64'),
  acrs: repeated(4, 'uint32'),
  orig_gpr2: required(5, 'uint64'),
  system_call: required(6, 'uint32'),
});

export const userS390VxrsLowEntry = message('user_s390_vxrs_low_entry', {
  regs: repeated(1, 'uint64'),
});

export const userS390VxrsHighEntry = message('user_s390_vxrs_high_entry', {
  regs: repeated(1, 'uint64'),
});

export const userS390FpregsEntry = message('user_s390_fpregs_entry', {
  fpc: required(1, 'uint32'),
  fprs: repeated(2, 'uint64'),
});

export const userS390GsCbEntry = message('user_s390_gs_cb_entry', {
  regs: repeated(1, 'uint64'),
});

export const userS390RiEntry = message('user_s390_ri_entry', {
  ri_on: required(1, 'uint32'),
  regs: repeated(2, 'uint64'),
});

export const threadInfoS390 = message('thread_info_s390', {
  clear_tid_addr: required(1, 'uint64', 'hex'),
  gpregs: required(2, userS390RegsEntry, 'hex'),
  fpregs: required(3, userS390FpregsEntry, 'hex'),
  vxrs_low: optional(4, userS390VxrsLowEntry, 'hex'),
  vxrs_high: optional(5, userS390VxrsHighEntry, 'hex'),
  gs_cb: optional(6, userS390GsCbEntry, 'hex'),
  gs_bc: optional(7, userS390GsCbEntry, 'hex'),
  ri_cb: optional(8, userS390RiEntry, 'hex'),
});

export const userMipsRegsEntry = message('user_mips_regs_entry', {
  r0: required(1, 'uint64'),
  r1: required(2, 'uint64'),
  r2: required(3, 'uint64'),
  r3: required(4, 'uint64'),
  r4: required(5, 'uint64'),
  r5: required(6, 'uint64'),
  r6: required(7, 'uint64'),
  r7: required(8, 'uint64'),
  r8: required(9, 'uint64'),
  r9: required(10, 'uint64'),
  r10: required(11, 'uint64'),
  r11: required(12, 'uint64'),
  r12: required(13, 'uint64'),
  r13: required(14, 'uint64'),
  r14: required(15, 'uint64'),
  r15: required(16, 'uint64'),
  r16: required(17, 'uint64'),
  r17: required(18, 'uint64'),
  r18: required(19, 'uint64'),
  r19: required(20, 'uint64'),
  r20: required(21, 'uint64'),
  r21: required(22, 'uint64'),
  r22: required(23, 'uint64'),
  r23: required(24, 'uint64'),
  r24: required(25, 'uint64'),
  r25: required(26, 'uint64'),
  r26: required(27, 'uint64'),
  r27: required(28, 'uint64'),
  r28: required(29, 'uint64'),
  r29: required(30, 'uint64'),
  r30: required(31, 'uint64'),
  r31: required(32, 'uint64'),
  lo: required(33, 'uint64'),
  hi: required(34, 'uint64'),
  cp0_epc: required(35, 'uint64'),
  cp0_badvaddr: required(36, 'uint64'),
  cp0_status: required(37, 'uint64'),
  cp0_cause: required(38, 'uint64'),
});

export const userMipsFpregsEntry = message('user_mips_fpregs_entry', {
  r0: required(1, 'uint64'),
  r1: required(2, 'uint64'),
  r2: required(3, 'uint64'),
  r3: required(4, 'uint64'),
  r4: required(5, 'uint64'),
  r5: required(6, 'uint64'),
  r6: required(7, 'uint64'),
  r7: required(8, 'uint64'),
  r8: required(9, 'uint64'),
  r9: required(10, 'uint64'),
  r10: required(11, 'uint64'),
  r11: required(12, 'uint64'),
  r12: required(13, 'uint64'),
  r13: required(14, 'uint64'),
  r14: required(15, 'uint64'),
  r15: required(16, 'uint64'),
  r16: required(17, 'uint64'),
  r17: required(18, 'uint64'),
  r18: required(19, 'uint64'),
  r19: required(20, 'uint64'),
  r20: required(21, 'uint64'),
  r21: required(22, 'uint64'),
  r22: required(23, 'uint64'),
  r23: required(24, 'uint64'),
  r24: required(25, 'uint64'),
  r25: required(26, 'uint64'),
  r26: required(27, 'uint64'),
  r27: required(28, 'uint64'),
  r28: required(29, 'uint64'),
  r29: required(30, 'uint64'),
  r30: required(31, 'uint64'),
  r31: required(32, 'uint64'),
  lo: required(33, 'uint64'),
  hi: required(34, 'uint64'),
  fpu_fcr31: required(35, 'uint32'),
  fpu_id: required(36, 'uint32'),
});

export const threadInfoMips = message('thread_info_mips', {
  clear_tid_addr: required(1, 'uint64', 'hex'),
  tls: required(2, 'uint64'),
  gpregs: required(3, userMipsRegsEntry, 'hex'),
  fpregs: required(4, userMipsFpregsEntry, 'hex'),
});

export const userLoongarch64GpregsEntry = message('user_loongarch64_gpregs_entry', {
  regs: repeated(1, 'uint64'),
  pc: required(2, 'uint64'),
});

export const userLoongarch64FpregsEntry = message('user_loongarch64_fpregs_entry', {
  regs: repeated(1, 'uint64'),
  fcc: required(2, 'uint64'),
  fcsr: required(3, 'uint32'),
});

export const threadInfoLoongarch64 = message('thread_info_loongarch64', {
  clear_tid_addr: required(1, 'uint64', 'hex'),
  tls: required(2, 'uint64'),
  gpregs: required(3, userLoongarch64GpregsEntry, 'hex'),
  fpregs: required(4, userLoongarch64FpregsEntry, 'hex'),
});

export const userRiscv64RegsEntry = message('user_riscv64_regs_entry', {
  pc: required(1, 'uint64'),
  ra: required(2, 'uint64'),
  sp: required(3, 'uint64'),
  gp: required(4, 'uint64'),
  tp: required(5, 'uint64'),
  t0: required(6, 'uint64'),
  t1: required(7, 'uint64'),
  t2: required(8, 'uint64'),
  s0: required(9, 'uint64'),
  s1: required(10, 'uint64'),
  a0: required(11, 'uint64'),
  a1: required(12, 'uint64'),
  a2: required(13, 'uint64'),
  a3: required(14, 'uint64'),
  a4: required(15, 'uint64'),
  a5: required(16, 'uint64'),
  a6: required(17, 'uint64'),
  a7: required(18, 'uint64'),
  s2: required(19, 'uint64'),
  s3: required(20, 'uint64'),
  s4: required(21, 'uint64'),
  s5: required(22, 'uint64'),
  s6: required(23, 'uint64'),
  s7: required(24, 'uint64'),
  s8: required(25, 'uint64'),
  s9: required(26, 'uint64'),
  s10: required(27, 'uint64'),
  s11: required(28, 'uint64'),
  t3: required(29, 'uint64'),
  t4: required(30, 'uint64'),
  t5: required(31, 'uint64'),
  t6: required(32, 'uint64'),
});

export const userRiscv64DExtEntry = message('user_riscv64_d_ext_entry', {
  f: repeated(1, 'uint64'),
  fcsr: required(2, 'uint32'),
});

export const threadInfoRiscv64 = message('thread_info_riscv64', {
  clear_tid_addr: required(1, 'uint64', 'hex'),
  tls: required(2, 'uint64'),
  gpregs: required(3, userRiscv64RegsEntry, 'hex'),
  fpsimd: required(4, userRiscv64DExtEntry),
});
