import { isInet, isInternet, peerOf, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import { commandLineOf, isProgram, named } from '../programs.ts';
import { isProgramFolder, isSuspiciouslyHidden, isWritableFolder } from '../places.ts';
import { isShellLike, standardSocket } from './reverse-shell.ts';

/** Ports that remote control is known by, and that services are not. */
const rarePorts = new Set([1337, 4443, 4444, 4445, 5555, 6666, 6667, 7777, 8443, 9001, 9002, 31337, 12345, 54321]);

export const unusualConnection = detector({
  id: 'unusual-connection',
  signal: 'S26',
  title: 'Connection of a program that should have none',
  version: 1,
  techniques: ['T1571', 'T1071.001'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'workloads that talk to the internet by design; an allow list by image settles that',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      const program = process.executable;
      const odd = program !== undefined && (program.type === 'MEMFD' || (program.deleted && !isProgramFolder(program.name)) || isWritableFolder(program.name) || isSuspiciouslyHidden(program.name));
      const tool = isProgram(process, 'relay') || isProgram(process, 'downloader');
      for (const held of socketsOf(process, examination)) {
        const { socket } = held;
        if (!isInet(socket) || socket.remote === undefined || !['ESTABLISHED', 'SYN_SENT', 'CLOSE_WAIT'].includes(socket.state ?? '')) continue;
        const far = isInternet(socket.remote.address);
        const rare = rarePorts.has(socket.remote.port) && (isProgram(process, 'shell') || tool);
        // A shell on its connection is told as such.
        const isStandard = standardSocket(process, examination)?.socket.fileId === socket.fileId && isShellLike(process);
        if (isStandard || (!odd && !(tool && far) && !rare)) continue;
        const peer = peerOf(socket) ?? '';
        yield {
          pid: process.pid,
          summary: `${named(process)}, ${odd ? `which runs ${program.name},` : 'a network tool,'} is connected to ${peer}`,
          confidence: odd ? 'high' : 'medium',
          evidence: [socketEvidence(process, held), { what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` }],
          facts: { peer },
          key: `${process.pid} ${peer}`,
        };
      }
      const raw = socketsOf(process, examination).find(({ socket }) => isInet(socket) && socket.type === 'SOCK_RAW');
      if (raw !== undefined && !/^(?:ping|traceroute|mtr|keepalived|bird|frr|calico|cilium|dhclient|strongswan)/.test(process.comm)) {
        yield {
          pid: process.pid,
          summary: `${named(process)} has a raw ${raw.socket.protocol} socket, by which it speaks past the usual protocols`,
          confidence: 'medium',
          evidence: [socketEvidence(process, raw)],
          key: `${process.pid} raw`,
        };
      }
    }
  },
});
