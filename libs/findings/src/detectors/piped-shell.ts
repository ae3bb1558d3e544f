import type { Process } from '@icecore/snapshot';
import { isInet, isLoopback, peerOf, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import type { Confidence } from '../finding.ts';
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
    for (const shell of examination.snapshot.processes) {
      if (!isProgram(shell, 'shell')) continue;
      for (const carrier of examination.snapshot.processes) {
        if (carrier.pid === shell.pid || !(isProgram(carrier, 'relay') || isProgram(carrier, 'interpreter'))) continue;
        const through = channelBetween(shell, carrier, examination);
        if (through === undefined) continue;
        const held = socketsOf(carrier, examination).find(({ socket }) => isInet(socket) && socket.state === 'ESTABLISHED');
        if (held === undefined) continue;
        const peer = peerOf(held.socket) ?? 'a peer';
        yield {
          pid: shell.pid,
          summary: `${named(shell)} reads and writes through ${named(carrier)}, which is connected to ${peer}${isLoopback(held.socket.remote?.address ?? '') ? ' (loopback)' : ''}`,
          confidence: confidenceOf(shell, carrier, through, examination),
          evidence: [{ what: 'standard input', pid: shell.pid, fd: 0, path: through, image: 'files.img' }, socketEvidence(carrier, held)],
          facts: { peer, carrier: String(carrier.pid) },
          key: `stdio ${shell.pid}`,
        };
      }
    }
  },
});

/** A relay has no other use for a shell; a program that starts a shell may have one. */
function confidenceOf(shell: Process, carrier: Process, through: string, { processes }: Examination): Confidence {
  if (isProgram(carrier, 'relay')) return 'high';
  if (through.startsWith('/dev/')) return 'values' in carrier.arguments && carrier.arguments.values.some((word) => /^-[ce]$/.test(word)) ? 'high' : 'low';
  const runner = ancestorsOf(shell, processes).some(({ pid }) => pid === carrier.pid) && !hasTerminalArguments(shell);
  return runner ? 'low' : 'medium';
}

/** What a shell's input comes through from a carrier that also takes its output; undefined where the two have nothing in common. */
function channelBetween(shell: Process, carrier: Process, examination: Examination): string | undefined {
  const ends = channelsOf(shell, examination).filter(({ fd }) => fd <= 2);
  const others = channelsOf(carrier, examination);
  const carried = (end: Channel): boolean => others.some((other) => other.name === end.name && !sameEnd(end, other));
  const input = ends.find(({ fd }) => fd === 0);
  const outputs = ends.filter(({ fd }) => fd > 0);
  if (input !== undefined && outputs.length > 0) {
    const [reads, writes] = [carried(input), outputs.some(carried)];
    // Two relays may share the work: one brings the input, the other takes the output.
    if ((reads && writes) || (isProgram(carrier, 'relay') && (reads || writes))) return input.name;
  }
  const terminal = shell.descriptors.find(({ fd, file }) => fd === 0 && file.type === 'TTY' && file.name.startsWith('/dev/pts/'));
  const master = carrier.descriptors.some(({ file }) => file.type === 'TTY' && file.name.endsWith('ptmx'));
  const below = ancestorsOf(shell, examination.processes).some(({ pid }) => pid === carrier.pid);
  return terminal !== undefined && master && below ? terminal.file.name : undefined;
}

interface Channel {
  readonly fd: number;
  /** One name for both ends: a pair of unix sockets has two inodes, of which the smaller names it. */
  readonly name: string;
  /** How a pipe is open (open(2), O_ACCMODE); undefined where both directions go. */
  readonly access: number | undefined;
}

/** Pipes, FIFOs and unix sockets that a process has open. */
function channelsOf(process: Process, { snapshot }: Examination): readonly Channel[] {
  return process.descriptors.flatMap(({ fd, file }) => {
    if (file.type === 'UNIXSK') {
      const socket = snapshot.sockets.find((each) => each.fileId === file.id && each.family === 'AF_UNIX');
      const paired = socket?.inode !== undefined && socket.peerInode !== undefined;
      return paired ? [{ fd, name: `pair ${Math.min(socket.inode, socket.peerInode)}`, access: undefined }] : [];
    }
    if (file.type !== 'PIPE' && file.type !== 'FIFO') return [];
    const access = file.flags === undefined ? undefined : file.flags & 3;
    return [{ fd, name: file.name, access: access === 2 ? undefined : access }];
  });
}

/** Both write to it, or both read from it: the container's log, say, which all of its programs have. */
function sameEnd(a: Channel, b: Channel): boolean {
  return a.access !== undefined && a.access === b.access;
}

function hasTerminalArguments({ arguments: told }: Process): boolean {
  return 'values' in told && told.values.some((word) => word === '-i');
}
