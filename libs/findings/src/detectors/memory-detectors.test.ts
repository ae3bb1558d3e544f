import { fileOf, threadOf } from '@icecore/snapshot/test-support';
import type { Process, Thread } from '@icecore/snapshot';
import { inFile, inMemory, magicHit, mapped, type MappedPages, ordinary, started } from '../examination.test-support.ts';
import { anonymousCode } from './anonymous-code.ts';
import { answers } from './answers.test-support.ts';
import { injectedElf } from './injected-elf.ts';
import { libraryFromWritableFolder } from './library-from-writable-folder.ts';
import { memfdLibrary } from './memfd-library.ts';
import { patchedCode } from './patched-code.ts';
import { threadInInjectedCode } from './thread-in-injected-code.ts';
import { writableCode } from './writable-code.ts';

const region = 0x7f00_0000_0000n;
const stack: MappedPages = { start: 0x7ffd_0000_0000n, pages: 8, permissions: 'rw-p', path: '[stack]', present: [7] };

function program(path: string, extra: readonly MappedPages[], parts: Partial<Process> = {}): Process {
  return started(1, path, [path], { ...mapped([...ordinary(path), stack, ...extra].sort((a, b) => (a.start < b.start ? -1 : 1))), ...parts });
}

function at(instructionPointer: bigint, stackPointer = stack.start + 0x7f00n): Thread {
  return threadOf(1, { registers: { machine: 'X86_64', instructionPointer, stackPointer, general: {} } });
}

const anonymous = (permissions: string, present: readonly number[] = [0]): MappedPages => ({ start: region, pages: 4, permissions, present });
const libffi: MappedPages = { start: region + 0x20_0000n, pages: 4, permissions: 'r-xp', path: '/usr/lib/x86_64-linux-gnu/libffi.so.8.1.4' };
const elf = magicHit('elf', inMemory(1, region));

answers(injectedElf, [
  ['a program image in memory that can run', { processes: [program('/usr/bin/python3', [anonymous('rwxp')])], hits: [elf] }, ['1 high']],
  ['one whose code lies next to it', { processes: [program('/usr/bin/python3', [anonymous('r--p'), { start: region + 0x4000n, pages: 4, permissions: 'r-xp', present: [0] }])], hits: [elf] }, ['1 high']],
  ['a copy of a program in the heap', { processes: [program('/usr/bin/python3', [anonymous('rw-p')])], hits: [elf] }, []],
  ['a mapped library', { processes: [program('/usr/bin/python3', [{ ...anonymous('r-xp'), path: '/usr/lib/libc.so.6' }])], hits: [elf] }, []],
  ['the vDSO, which is a program image too', { processes: [program('/usr/bin/python3', [])], hits: [magicHit('elf', inMemory(1, 0x7fff_0000_0000n))] }, []],
]);

answers(writableCode, [
  ['memory that can be written and run', { processes: [program('/usr/bin/python3', [anonymous('rwxp')])] }, ['1 medium']],
  ['with less confidence callbacks of libffi', { processes: [program('/usr/bin/python3', [anonymous('rwxp'), libffi])], hits: [magicHit('ffi_closures', inMemory(1, region))] }, ['1 low']],
  ['what only begins like them', { processes: [program('/usr/bin/python3', [anonymous('rwxp')])], hits: [magicHit('ffi_closures', inMemory(1, region))] }, ['1 medium']],
  ['a thread that runs in what begins like them', { processes: [program('/usr/bin/python3', [anonymous('rwxp'), libffi], { threads: [at(region + 8n)] })], hits: [magicHit('ffi_closures', inMemory(1, region))] }, ['1 high']],
  ['more surely where a thread runs in it', { processes: [program('/usr/bin/python3', [anonymous('rwxp')], { threads: [at(region + 8n)] })] }, ['1 high']],
  ['as no more than a note where Node.js compiles', { processes: [program('/usr/local/bin/node', [anonymous('rwxp')])] }, ['1 low']],
  ['as no more than a note where a JVM is mapped', { processes: [program('/opt/app/launcher', [anonymous('rwxp'), { start: region + 0x10_0000n, pages: 4, permissions: 'r-xp', path: '/usr/lib/jvm/lib/server/libjvm.so' }])] }, ['1 low']],
  ['with less confidence where expressions are compiled', { processes: [program('/usr/sbin/nginx', [anonymous('rwxp'), { start: region + 0x10_0000n, pages: 4, permissions: 'r-xp', path: '/usr/lib/libpcre2-8.so.0' }])] }, ['1 low']],
  ['memory that was set aside and never written', { processes: [program('/usr/bin/python3', [anonymous('rwxp', [])])] }, []],
  ['memory with a program image, which is told as that', { processes: [program('/usr/bin/python3', [anonymous('rwxp')])], hits: [elf] }, []],
  ['memory that can only be written', { processes: [program('/usr/bin/python3', [anonymous('rw-p')])] }, []],
]);

answers(anonymousCode, [
  ['code that nothing is behind', { processes: [program('/usr/sbin/nginx', [anonymous('r-xp')])] }, ['1 medium']],
  ['more surely where a thread runs in it', { processes: [program('/usr/sbin/nginx', [anonymous('r-xp')], { threads: [at(region)] })] }, ['1 high']],
  ['as no more than a note where PHP compiles', { processes: [program('/usr/sbin/php-fpm8.2', [anonymous('r-xp')])] }, ['1 low']],
  ['the vDSO and the vsyscall page', { processes: [program('/usr/sbin/nginx', [])] }, []],
  ['a library', { processes: [program('/usr/sbin/nginx', [{ ...anonymous('r-xp'), path: '/usr/lib/libc.so.6' }])] }, []],
]);

answers(patchedCode, [
  ['a page of libc that is not as in its file', { processes: [program('/usr/sbin/sshd', [{ start: region, pages: 300, permissions: 'r-xp', path: '/usr/lib/libc.so.6', present: [120] }])] }, ['1 high']],
  ['a second page of the program', { processes: [started(1, '/bin/app', ['app'], mapped([{ start: 0x400000n, pages: 16, permissions: 'r-xp', path: '/bin/app', present: [0, 1] }]))] }, ['1 high']],
  ['with less confidence beside an agent that hooks', { processes: [program('/usr/bin/python3', [{ start: region, pages: 9, permissions: 'r-xp', path: '/usr/lib/libc.so.6', present: [3] }, { start: region + 0x10_0000n, pages: 2, permissions: 'r--p', path: '/opt/ddtrace/lib.so' }])] }, ['1 low']],
  ['CRIU’s page, the first of the first code', { processes: [program('/usr/sbin/sshd', [])] }, []],
  ['changed data of a library', { processes: [program('/usr/sbin/sshd', [{ start: region, pages: 4, permissions: 'rw-p', path: '/usr/lib/libc.so.6', present: [0, 1] }])] }, []],
]);

answers(libraryFromWritableFolder, [
  ['a library in /tmp', { processes: [program('/usr/bin/dash', [{ start: region, pages: 1, permissions: 'r-xp', path: '/tmp/.libhook.so' }])] }, ['1 medium']],
  ['more surely one that was deleted', { processes: [program('/usr/bin/dash', [{ start: region, pages: 1, permissions: 'r-xp', path: '/dev/shm/x', deleted: true }])] }, ['1 high']],
  ['with less confidence what Java unpacks', { processes: [program('/usr/bin/java', [{ start: region, pages: 1, permissions: 'r-xp', path: '/tmp/libnetty_transport_native_epoll_x86_641.so' }, { start: region + 0x10_0000n, pages: 1, permissions: 'r-xp', path: '/opt/jdk/lib/server/libjvm.so', fileId: 101 }])] }, ['1 low']],
  ['data in /tmp', { processes: [program('/usr/bin/dash', [{ start: region, pages: 1, permissions: 'r--p', path: '/tmp/cache.db' }])] }, []],
  ['a library of the image', { processes: [program('/usr/bin/dash', [{ start: region, pages: 1, permissions: 'r-xp', path: '/opt/app/lib/x.so' }])] }, []],
]);

const inMemfd = (name: string): MappedPages => ({ start: region, pages: 2, permissions: 'r-xp', path: `/memfd:${name}`, fileType: 'MEMFD', statusBits: 0x4041, fileId: 77 });

answers(memfdLibrary, [
  ['a library that is loaded from a memfd', { processes: [program('/usr/bin/python3', [inMemfd('')])] }, ['1 high']],
  ['one with an innocent name', { processes: [program('/usr/bin/perl', [inMemfd('libc.so.6')])] }, ['1 high']],
  ['a program image under a compiler’s name', { processes: [program('/usr/bin/python3', [inMemfd('libffi')])], hits: [magicHit('elf', inFile('/memfd:libffi', 'memfd', [1]))] }, ['1 high']],
  ['.NET’s double mapping', { processes: [program('/usr/bin/dotnet', [inMemfd('doublemapper')])] }, []],
  ['the program itself, which is told as that', { processes: [program('/usr/bin/x', [inMemfd('x')], { executable: fileOf('/memfd:x', { id: 77, type: 'MEMFD' }) })] }, []],
  ['data in a memfd', { processes: [program('/usr/bin/python3', [{ ...inMemfd('buffer'), permissions: 'rw-s' }])] }, []],
]);

answers(threadInInjectedCode, [
  ['a thread in memory without a file', { processes: [program('/usr/sbin/nginx', [anonymous('r-xp')], { threads: [at(region + 4n)] })] }, ['1 high']],
  ['a stack where none can be', { processes: [program('/usr/sbin/nginx', [], { threads: [at(0x400010n, 0x10n)] })] }, ['1 medium']],
  ['a thread in the vDSO', { processes: [program('/usr/sbin/nginx', [], { threads: [at(0x7fff_0000_0010n)] })] }, []],
  ['a thread in compiled code of Node.js', { processes: [program('/usr/local/bin/node', [anonymous('r-xp')], { threads: [at(region)] })] }, []],
  ['a thread in its program', { processes: [program('/usr/sbin/nginx', [anonymous('r-xp')], { threads: [at(0x400010n)] })] }, []],
]);
