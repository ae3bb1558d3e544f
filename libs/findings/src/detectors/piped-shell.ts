import type { Process } from '@icecore/snapshot';
import { isInet, isLoopback, peerOf, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import type { Examination } from '../examination.ts';
import { ancestorsOf, isProgram, named } from '../programs.ts';

export const pipedShell = detector({
  id: 'piped-shell',
  signal: 'S19',
  title: 'Shell whose input and output another program carries over the network',
  version: 1,
  techniques: ['T1059.004', 'T1090'],
  severity: 'critical',
  category: 'attack',
  needs: [],
  falsePositives: 'build agents and job runners that hand commands to a shell; they hold a connection to their server',
  *detect(examination) {
    const { snapshot, processes } = examination;
    for (const shell of snapshot.processes) {
      if (!isProgram(shell, 'shell')) continue;
      const ends = pipeEnds(shell, examination);
      const input = ends.get(0);
      if (input === undefined || (ends.get(1) === undefined && ends.get(2) === undefined)) continue;
      for (const carrier of snapshot.processes) {
        if (carrier.pid === shell.pid || !(isProgram(carrier, 'relay') || isProgram(carrier, 'interpreter'))) continue;
        // Both directions go through the carrier: what the shell reads and what it writes.
        const names = new Set(carrier.descriptors.map(({ file }) => channelOf(file.name, examination, file.id)));
        const both = names.has(input) && [ends.get(1), ends.get(2)].some((end) => end !== undefined && names.has(end));
        const chained = isProgram(carrier, 'relay') && (names.has(input) || [ends.get(1), ends.get(2)].some((end) => end !== undefined && names.has(end)));
        if (!both && !chained) continue;
        const held = socketsOf(carrier, examination).find(({ socket }) => isInet(socket) && socket.state === 'ESTABLISHED');
        if (held === undefined) continue;
        const relay = isProgram(carrier, 'relay');
        const runner = !relay && ancestorsOf(shell, processes).some(({ pid }) => pid === carrier.pid) && !hasTerminalArguments(shell);
        const peer = peerOf(held.socket) ?? 'a peer';
        yield {
          pid: shell.pid,
          summary: `${named(shell)} reads and writes through ${named(carrier)}, which is connected to ${peer}${isLoopback(held.socket.remote?.address ?? '') ? ' (loopback)' : ''}`,
          confidence: relay ? 'high' : runner ? 'low' : 'medium',
          evidence: [{ what: 'standard input', pid: shell.pid, fd: 0, path: input, image: 'files.img' }, socketEvidence(carrier, held)],
          facts: { peer, carrier: String(carrier.pid) },
          key: `stdio ${shell.pid}`,
        };
      }
    }
  },
});

/** What the standard descriptors of a process lead to, where that is a pipe, a FIFO or a unix socket. */
function pipeEnds(process: Process, examination: Examination): ReadonlyMap<number, string> {
  const ends = new Map<number, string>();
  for (const { fd, file } of process.descriptors) {
    if (fd <= 2 && ['PIPE', 'FIFO', 'UNIXSK'].includes(file.type)) ends.set(fd, channelOf(file.name, examination, file.id));
  }
  return ends;
}

/** One name for both ends of a channel: a pair of unix sockets has two inodes, of which the smaller names it. */
function channelOf(name: string, { snapshot }: Examination, fileId: number): string {
  const socket = snapshot.sockets.find((each) => each.fileId === fileId && each.family === 'AF_UNIX');
  if (socket?.inode === undefined || socket.peerInode === undefined || socket.peerInode === 0) return name;
  return `pair ${Math.min(socket.inode, socket.peerInode)}`;
}

function hasTerminalArguments({ arguments: told }: Process): boolean {
  return 'values' in told && told.values.some((word) => word === '-i');
}
