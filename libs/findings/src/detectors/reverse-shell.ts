import { type Process, valuesOf } from '@icecore/snapshot';
import { type HeldSocket, isIncoming, isInet, isInternet, isLoopback, peerOf, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import type { Observation } from '../finding.ts';
import type { Examination } from '../examination.ts';
import { ancestorsOf, commandLineOf, isProgram, named } from '../programs.ts';

/** Programs that start a shell on a connection because that is their work. */
const remoteLogin = /^(?:sshd|dropbear|inetd|xinetd|in\.telnetd|telnetd|rlogind|login)/;

/** The socket that a process has as at least two of its standard descriptors. */
export function standardSocket(process: Process, examination: Examination): HeldSocket | undefined {
  return socketsOf(process, examination).find(({ socket, descriptors }) => isInet(socket) && socket.type === 'SOCK_STREAM' && descriptors.filter(({ fd }) => fd <= 2).length >= 2);
}

export function isShellLike(process: Process): boolean {
  return isProgram(process, 'shell') || isProgram(process, 'interpreter');
}

export const reverseShell = detector({
  id: 'reverse-shell',
  signal: 'S17',
  title: 'Shell on a network connection',
  version: 1,
  techniques: ['T1059.004', 'T1095'],
  severity: 'critical',
  category: 'attack',
  needs: [],
  falsePositives: 'sessions of sshd and children of inetd; network services that are started with their connection as standard input',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      const held = standardSocket(process, examination);
      if (ancestorsOf(process, examination.processes).some(({ comm }) => remoteLogin.test(comm))) continue;
      if (held === undefined) yield* ownConnection(process, examination);
      if (held === undefined || held.socket.state !== 'ESTABLISHED') continue;
      const peer = peerOf(held.socket) ?? 'an unknown peer';
      const address = held.socket.remote?.address ?? '';
      const fds = held.descriptors.map(({ fd }) => fd).filter((fd) => fd <= 2);
      const shell = isShellLike(process);
      // One that was called from outside is a bind shell, which is told as such.
      if (isIncoming(examination, held.socket)) continue;
      if (!shell && !hasShellChild(process, examination)) continue;
      yield {
        pid: process.pid,
        summary: `${named(process)} has its ${fds.length === 3 ? 'standard input, output and error' : 'standard input and output'} on ${peer}${isLoopback(address) ? ' (loopback)' : isInternet(address) ? ', an address of the internet' : ''}`,
        confidence: 'high',
        evidence: [socketEvidence(process, held), { what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` }],
        facts: { peer, fds: fds.join(','), command_line: valuesOf(process.arguments).join(' '), loopback: String(isLoopback(address)) },
        key: `stdio ${process.pid}`,
      };
    }
  },
});

/** A shell opens no connection but by `/dev/tcp`; one that it has from the program above it is that program's. */
function* ownConnection(process: Process, examination: Examination): Iterable<Observation> {
  if (!isProgram(process, 'shell')) return;
  const above = new Set(ancestorsOf(process, examination.processes).filter((ancestor) => !isProgram(ancestor, 'shell')).flatMap(({ descriptors }) => descriptors.map(({ fileId }) => fileId)));
  const held = socketsOf(process, examination).find(
    ({ socket }) => isInet(socket) && socket.type === 'SOCK_STREAM' && socket.state === 'ESTABLISHED' && !above.has(socket.fileId) && !isLoopback(socket.remote?.address ?? '') && !isIncoming(examination, socket),
  );
  if (held === undefined) return;
  const peer = peerOf(held.socket) ?? 'an unknown peer';
  yield {
    pid: process.pid,
    summary: `${named(process)} has a connection of its own to ${peer}, as a shell has that takes its commands from there`,
    confidence: 'medium',
    evidence: [socketEvidence(process, held), { what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` }],
    facts: { peer, fds: held.descriptors.map(({ fd }) => fd).join(',') },
    key: `stdio ${process.pid}`,
  };
}

function hasShellChild({ pid }: Process, { snapshot }: Examination): boolean {
  return snapshot.processes.some((child) => child.ppid === pid && isProgram(child, 'shell'));
}
