import type { Socket } from '@icecore/snapshot';
import { againstTruth } from './against-truth.test-support.ts';
import { inetSocketsIn, type SocketLine, unixSocketsIn } from './proc-net.ts';

againstTruth('sockets', 'sockets', ({ snapshot }, truth, facts) => {
  const inet = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((name) => inetSocketsIn(truth.net[name] ?? '', name));
  const lines = [...inet, ...unixSocketsIn(truth.net['unix'] ?? '', truth.ss_x)];
  const byInode = new Map(lines.map((line) => [line.inode, line]));
  const held = new Set(truth.processes.flatMap(({ fds }) => fds.flatMap(({ link }) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])).map(Number));
  facts.check('sockets', 'inodes', [...held].sort(), snapshot.sockets.flatMap(({ inode }) => inode ?? []).sort());
  for (const socket of snapshot.sockets) {
    const line = byInode.get(socket.inode ?? -1);
    const subject = `socket ${socket.inode}`;
    facts.check(subject, 'presence', true, line !== undefined);
    if (line !== undefined) facts.check(subject, 'all', line, shownAs(socket, line));
  }
  for (const [inode, backlog] of backlogsIn(truth.ss)) {
    if (held.has(inode)) facts.check(`socket ${inode}`, 'backlog', backlog, snapshot.sockets.find((socket) => socket.inode === inode)?.backlog);
  }
});

function shownAs(socket: Socket, line: SocketLine): SocketLine {
  const { inode, family, type, state, local, remote, path, receiveQueue, sendQueue } = socket;
  // The queue of a socket that listens counts connections.
  const counts = line.receive === undefined;
  return { inode: inode ?? 0, family, type, state, local, remote, path, receive: counts ? undefined : receiveQueue.bytes, send: counts ? undefined : sendQueue.bytes };
}

/** `Send-Q` of listening sockets in the output of ss. */
function backlogsIn(text: string): [number, number][] {
  return [...text.matchAll(/^LISTEN\s+\d+\s+(\d+)\s.*?\bino:(\d+)/gm)].map(([, backlog, inode]) => [Number(inode), Number(backlog)]);
}
