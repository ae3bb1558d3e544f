import { type Process, type Socket, valuesOf } from '@icecore/snapshot';
import { isIncoming, isLoopback, peerOf, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import type { Examination } from '../examination.ts';
import { ancestorsOf, commandLineOf, isProgram, named } from '../programs.ts';
import { isShellLike, standardSocket } from './reverse-shell.ts';

const superServers = /^(?:sshd|dropbear|inetd|xinetd|in\.telnetd|systemd|tcpserver|ucspi|s6-tcpserver)/;

export const bindShell = detector({
  id: 'bind-shell',
  signal: 'S18',
  title: 'Shell that answers on a port',
  version: 1,
  techniques: ['T1059.004'],
  severity: 'critical',
  category: 'attack',
  needs: [],
  falsePositives: 'programs that inetd or ucspi start for each connection',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      const held = standardSocket(process, examination);
      if (held === undefined || !isShellLike(process)) continue;
      const listening = held.socket.state === 'LISTEN';
      const waiter = held.socket.state === 'ESTABLISHED' ? waiterFor(held.socket, examination) : undefined;
      if (!listening && !(held.socket.state === 'ESTABLISHED' && (waiter !== undefined || isIncoming(examination, held.socket)))) continue;
      if (ancestorsOf(process, examination.processes).some(({ comm }) => superServers.test(comm))) continue;
      const port = (waiter === undefined ? held.socket.local?.port : held.socket.remote?.port) ?? 0;
      const loopback = isLoopback(held.socket.remote?.address ?? held.socket.local?.address ?? '');
      yield {
        pid: process.pid,
        summary: `${named(process)} serves whoever connects to port ${port}${listening ? '' : `, now ${waiter === undefined ? (peerOf(held.socket) ?? 'a peer') : named(waiter)}`}${loopback ? ' (loopback)' : ''}`,
        confidence: 'high',
        evidence: [socketEvidence(process, held), { what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` }],
        facts: { port: String(port), ...(peerOf(held.socket) === undefined ? {} : { peer: peerOf(held.socket) ?? '' }), loopback: String(loopback) },
        key: `stdio ${process.pid}`,
      };
    }
  },
});

/** A process of the same container that was told to listen, and holds the other end of a shell's connection: `nc -l -p 4444`. */
function waiterFor(socket: Socket, examination: Examination): Process | undefined {
  if (!isLoopback(socket.remote?.address ?? '')) return undefined;
  return examination.snapshot.processes.find(
    (process) =>
      isProgram(process, 'relay') &&
      valuesOf(process.arguments).some((word) => /^-\w*l\w*$|^(?:tcp|tcp4|tcp6|openssl)-(?:listen|l):/i.test(word)) &&
      socketsOf(process, examination).some(({ socket: other }) => other.local?.port === socket.remote?.port && other.remote?.port === socket.local?.port),
  );
}
