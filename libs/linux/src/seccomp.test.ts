import { readFileSync } from 'node:fs';
import { isDamageError } from '@icecore/bytes';
import fc from 'fast-check';
import { auditArch, syscallTable } from './audit.ts';
import { type BpfInstruction, decodeBpf, maxBpfInstructionCount } from './bpf.ts';
import { seccompAction } from './seccomp-data.ts';
import { disassembleSeccomp } from './seccomp-listing.ts';
import { summariseSeccomp } from './seccomp-summary.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

const ret = (k: number): BpfInstruction => ({ code: 0x06, jt: 0, jf: 0, k });
const load = (k: number): BpfInstruction => ({ code: 0x20, jt: 0, jf: 0, k });
const jeq = (k: number, jt: number, jf: number): BpfInstruction => ({ code: 0x15, jt, jf, k });
const allow = 0x7fff_0000;
const kill = 0x8000_0000;
const eperm = 0x0005_0001;

describe('a seccomp filter of a runtime', () => {
  it('shows each instruction with the names of what it asks for', () => {
    const lines = disassembleSeccomp(decodeBpf(fixture('runtime-default.bpf')));
    expect(lines).toHaveLength(1249);
    expect(lines.slice(0, 5)).toEqual([
      '0000: ld [4] (arch)',
      '0001: jeq #0x40000003 (AUDIT_ARCH_I386), 0004, 0002',
      '0002: jeq #0xc000003e (AUDIT_ARCH_X86_64), 0007, 0003',
      '0003: ja 0014',
      '0004: ld [0] (nr)',
    ]);
    expect(lines[5]).toBe('0005: jgt #456, 0013, 0006');
    expect(lines[9]).toBe('0009: jgt #456 (futex_requeue), 0013, 0011');
    expect(lines.slice(-3)).toEqual(['1246: ret ERRNO(EPERM)', '1247: ret ALLOW', '1248: ret KILL_THREAD']);
  });

  it('tells what the profile RuntimeDefault allows, refuses and leaves to the arguments', () => {
    const summary = summariseSeccomp(decodeBpf(fixture('runtime-default.bpf')), auditArch.x86_64);
    expect(summary).toMatchObject({ arch: 'AUDIT_ARCH_X86_64', defaultAction: 'ERRNO(EPERM)', newerAction: 'ERRNO(ENOSYS)' });
    const of = (action: string) => summary?.byAction.find((found) => found.action === action)?.syscalls ?? [];
    expect(of('ALLOW')).toEqual(expect.arrayContaining(['read', 'execve', 'ptrace', 'memfd_create', 'openat2']));
    for (const refused of ['mount', 'setns', 'unshare', 'bpf', 'io_uring_setup', 'userfaultfd', 'init_module']) {
      expect(of('ALLOW')).not.toContain(refused);
    }
    expect(of('ERRNO(ENOSYS)')).toEqual(expect.arrayContaining(['clone3', 'mseal']));
    expect(summary?.byArguments).toEqual(
      ['socket', 'clone', 'personality'].map((syscall) => ({ syscall, actions: ['ALLOW', 'ERRNO(EPERM)'] })),
    );
  });

  it('tells the same of podman’s profile, whose default is ENOSYS', () => {
    const summary = summariseSeccomp(decodeBpf(fixture('podman-default.bpf')), auditArch.x86_64);
    expect(summary?.defaultAction).toBe('ERRNO(ENOSYS)');
    expect(summary?.byAction.find(({ action }) => action === 'ERRNO(EPERM)')?.syscalls).toEqual(
      expect.arrayContaining(['bpf', 'chroot', 'kexec_load', 'perf_event_open', 'open_by_handle_at']),
    );
    expect(summary?.byArguments).toEqual([
      { syscall: 'socket', actions: ['ALLOW', 'ERRNO(EINVAL)', 'ERRNO(EPERM)'] },
      { syscall: 'personality', actions: ['ALLOW', 'ERRNO(ENOSYS)'] },
    ]);
  });
});

describe('a seccomp filter made by hand', () => {
  const program = [
    load(4), jeq(auditArch.aarch64, 1, 0), ret(kill),
    load(0), jeq(221, 0, 3), load(16), jeq(0xdead, 0, 1), ret(0x7ff0_0007), ret(allow),
  ];

  it('names system calls by the architecture that it has established', () => {
    expect(disassembleSeccomp(program, auditArch.x86_64)).toEqual([
      '0000: ld [4] (arch)',
      '0001: jeq #0xc00000b7 (AUDIT_ARCH_AARCH64), 0003, 0002',
      '0002: ret KILL_PROCESS',
      '0003: ld [0] (nr)',
      '0004: jeq #221 (execve), 0005, 0008',
      '0005: ld [16] (args[0].low)',
      '0006: jeq #0xdead, 0007, 0008',
      '0007: ret TRACE(7)',
      '0008: ret ALLOW',
    ]);
  });

  it('gives the actions of an argument both ways', () => {
    expect(summariseSeccomp(program, auditArch.aarch64)).toEqual({
      arch: 'AUDIT_ARCH_AARCH64',
      defaultAction: 'ALLOW',
      newerAction: 'ALLOW',
      byAction: [],
      byArguments: [{ syscall: 'execve', actions: ['ALLOW', 'TRACE(7)'] }],
    });
    expect(summariseSeccomp(program, auditArch.x86_64)).toMatchObject({ defaultAction: 'KILL_PROCESS', byAction: [] });
  });

  it('follows arithmetic on the number', () => {
    const masked = [load(0), { code: 0x54, jt: 0, jf: 0, k: 0xf0 }, jeq(240, 0, 1), ret(eperm), ret(allow)];
    const names = [...(syscallTable(auditArch.x86_64) ?? [])].filter(([nr]) => (nr & 0xf0) === 240).map(([, name]) => name);
    expect(summariseSeccomp(masked, auditArch.x86_64)?.byAction).toEqual([{ action: 'ERRNO(EPERM)', syscalls: names }]);
  });

  it.each([
    ['leaves its own end', [load(0)]],
    ['jumps past its end', [{ code: 0x05, jt: 0, jf: 0, k: 0xffff_ffff }, ret(allow)]],
    ['holds an unknown instruction', [{ code: 0xff, jt: 0, jf: 0, k: 0 }, ret(allow)]],
    ['divides by zero', [load(0), { code: 0x34, jt: 0, jf: 0, k: 0 }, ret(allow)]],
    ['returns what it computes from arguments', [load(16), { code: 0x16, jt: 0, jf: 0, k: 0 }]],
    ['has a default that depends on arguments', [load(16), jeq(1, 0, 1), ret(allow), ret(kill)]],
  ])('has no summary where it %s, and still a listing', (_, broken) => {
    expect(summariseSeccomp(broken, auditArch.x86_64)).toBeUndefined();
    expect(disassembleSeccomp(broken)).toHaveLength(broken.length);
  });

  it('has no summary for an architecture without a table', () => {
    expect(summariseSeccomp([ret(allow)], 0x4000_0003)).toBeUndefined();
  });
});

describe('seccomp actions', () => {
  it.each([
    [0x8000_0000, 'KILL_PROCESS'],
    [0x0000_0000, 'KILL_THREAD'],
    [0x0003_0000, 'TRAP'],
    [0x0005_0026, 'ERRNO(ENOSYS)'],
    [0x0005_0fff, 'ERRNO(4095)'],
    [0x0005_ffff, 'ERRNO(4095)'],
    [0x7fc0_0000, 'USER_NOTIF'],
    [0x7ff0_0000, 'TRACE'],
    [0x7ffc_0000, 'LOG'],
    [0x7fff_0000, 'ALLOW'],
    [0x1234_0000, 'KILL_PROCESS(0x12340000)'],
  ])('reads %i as %s', (value, action) => expect(seccompAction(value)).toBe(action));
});

describe('bytes that are no seccomp filter', () => {
  it.each([
    ['nothing', 0, 'malformed'],
    ['half an instruction', 12, 'truncated'],
    ['more than the kernel takes', (maxBpfInstructionCount + 1) * 8, 'limit'],
  ])('are refused: %s', (_, length, code) => {
    expect(() => decodeBpf(new Uint8Array(length))).toThrow(expect.objectContaining({ code }));
  });

  it('end in an error about damage or a listing of every instruction, in bounded time', () => {
    const started = performance.now();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2048 }), fc.boolean(), (bytes, whole) => {
        const input = whole ? bytes.subarray(0, bytes.length & ~7) : bytes;
        try {
          const program = decodeBpf(input);
          expect(disassembleSeccomp(program)).toHaveLength(program.length);
          summariseSeccomp(program, auditArch.x86_64);
        } catch (error) {
          expect(isDamageError(error)).toBe(true);
        }
      }),
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('give up on a program whose comparisons double the ways without end', () => {
    const txa = { code: 0x87, jt: 0, jf: 0, k: 0 };
    const tax = { code: 0x07, jt: 0, jf: 0, k: 0 };
    const add = (k: number): BpfInstruction => ({ code: 0x04, jt: 0, jf: 0, k });
    const program = Array.from({ length: 30 }, (_, bit) => [load(16), jeq(bit, 0, 3), txa, add(2 ** bit), tax]).flat();
    const started = performance.now();
    expect(summariseSeccomp([...program, ret(allow)], auditArch.x86_64)).toBeUndefined();
    expect(summariseSeccomp([...program.slice(0, 15), ret(allow)], auditArch.x86_64)).toMatchObject({ defaultAction: 'ALLOW' });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
