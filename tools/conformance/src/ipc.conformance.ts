import { decodeText, readAll } from '@icecore/bytes';
import { againstTruth } from './against-truth.test-support.ts';
import { paired } from './comparison.ts';

/** What the scenarios write and never read. */
const unread: readonly { readonly archives: RegExp; readonly pipes: readonly string[]; readonly sockets: readonly string[] }[] = [
  { archives: /02-fds/, pipes: ['PIPE-UNREAD-DATA-123\n'.repeat(10)], sockets: ['SOCKETPAIR-UNREAD-456'] },
  { archives: /redis/, pipes: [], sockets: ['+PONG\r\n'] },
];

againstTruth('ipc', 'shared segments and unread data', async ({ name, snapshot }, truth, facts) => {
  for (const [key, line, segment] of paired(segmentsIn(truth.ipcs), (each) => each.key, snapshot.sysvSegments, (each) => each.key)) {
    facts.check(`segment ${key}`, 'all', line, segment);
  }
  const expected = unread.find(({ archives }) => archives.test(name));
  const pipes = await Promise.all(snapshot.pipes.map(({ source }) => readAll(source)));
  facts.check('pipes', 'unread data', expected?.pipes ?? [], pipes.map(decodeText));
  const messages = snapshot.sockets.flatMap(({ receiveQueue }) => receiveQueue.messages);
  facts.check('sockets', 'unread data', expected?.sockets ?? [], (await Promise.all(messages.map(({ source }) => readAll(source)))).map(decodeText));
});

/** The first block of `/proc/sysvipc`, System V shared memory. */
function segmentsIn(text: string): { id: number; key: number; size: bigint; uid: number; gid: number; mode: number }[] {
  const [, block = ''] = text.split(/^\s+key .*\n/m);
  return block
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [key, id, mode = '0', size = '0', , , , uid, gid] = line.trim().split(/\s+/);
      return { id: Number(id), key: Number(key), size: BigInt(size), uid: Number(uid), gid: Number(gid), mode: Number.parseInt(mode, 8) };
    });
}
