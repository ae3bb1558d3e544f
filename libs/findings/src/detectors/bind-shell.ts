import { isLoopback, peerOf, socketEvidence } from '../connections.ts';
import { detector } from '../detector.ts';
import { ancestorsOf, commandLineOf, named } from '../programs.ts';
import { isShellLike, listensOn, standardSocket } from './reverse-shell.ts';

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
      if (!listening && !(held.socket.state === 'ESTABLISHED' && listensOn(examination, held.socket.local?.port))) continue;
      if (ancestorsOf(process, examination.processes).some(({ comm }) => superServers.test(comm))) continue;
      const port = held.socket.local?.port ?? 0;
      const loopback = isLoopback(held.socket.remote?.address ?? held.socket.local?.address ?? '');
      yield {
        pid: process.pid,
        summary: `${named(process)} serves whoever connects to port ${port}${listening ? '' : `, now ${peerOf(held.socket) ?? 'a peer'}`}${loopback ? ' (loopback)' : ''}`,
        confidence: 'high',
        evidence: [socketEvidence(process, held), { what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` }],
        facts: { port: String(port), ...(peerOf(held.socket) === undefined ? {} : { peer: peerOf(held.socket) ?? '' }), loopback: String(loopback) },
        key: `stdio ${process.pid}`,
      };
    }
  },
});
