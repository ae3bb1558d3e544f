import { auditArch, auditArchName, syscallName, syscallTable } from './audit.ts';

const common = { 424: 'pidfd_send_signal', 435: 'clone3', 450: 'set_mempolicy_home_node', 462: 'mseal', 469: 'file_setattr', 470: 'listns' };

describe('system calls', () => {
  it.each(
    Object.entries({ 0: 'read', 59: 'execve', 101: 'ptrace', 231: 'exit_group', 319: 'memfd_create', 334: 'rseq', ...common }),
  )('names %s of x86-64 %s', (number, name) => expect(syscallName(Number(number), auditArch.x86_64)).toBe(name));

  it.each(
    Object.entries({
      0: 'io_setup', 29: 'ioctl', 38: 'renameat', 57: 'close', 63: 'read', 79: 'newfstatat', 84: 'sync_file_range', 117: 'ptrace',
      163: 'getrlimit', 221: 'execve', 222: 'mmap', 243: 'recvmmsg', 260: 'wait4', 279: 'memfd_create', 293: 'rseq',
      294: 'kexec_file_load', ...common,
    }),
  )('names %s of arm64 %s', (number, name) => expect(syscallName(Number(number), auditArch.aarch64)).toBe(name));

  it('has no name where no kernel assigns a number', () => {
    expect(syscallName(400, auditArch.x86_64)).toBeUndefined();
    expect(syscallName(244, auditArch.aarch64)).toBeUndefined();
    expect(syscallName(59, 0x4000_0003)).toBeUndefined();
  });

  it('names each number once', () => {
    for (const arch of [auditArch.x86_64, auditArch.aarch64]) {
      const names = [...(syscallTable(arch)?.values() ?? [])];
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('names architectures, signed numbers too', () => {
    expect(auditArchName(0xc000_003e)).toBe('AUDIT_ARCH_X86_64');
    expect(auditArchName(0xc000_003e | 0)).toBe('AUDIT_ARCH_X86_64');
    expect(auditArchName(5)).toBe('0x5');
  });
});
