import { type ByteSource, memorySource, sparseSource } from '@icecore/bytes';
import { type ImageType, imageTypes } from './catalog.ts';
import { encodeMessage } from './codec.ts';
import { imageFromJson, imageToJson } from './image-json.ts';
import { decodeImage, readImage } from './image-reader.ts';
import type { AnyMessage, Message } from './message.ts';
import { bpfmapDataEntry, ghostChunkEntry } from './schema/file-content.ts';
import { ipcMsg } from './schema/ipc.ts';

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const framed = (schema: Message, message: AnyMessage): Buffer => {
  const bytes = encodeMessage(schema, message);
  return Buffer.concat([word(bytes.length), bytes]);
};
const image = (type: ImageType, ...parts: Uint8Array[]): Buffer => Buffer.concat([word(0x54564319), word(type.magic), ...parts]);
const text = (source: ByteSource, { offset, length }: { offset: number; length: number }): Promise<string> =>
  source.read(offset, offset + length).then((bytes) => Buffer.from(bytes).toString());

const desc = { key: 1, uid: 0, gid: 0, cuid: 0, cgid: 0, mode: 0o600, id: 0 };
const ghost = { uid: 0, gid: 0, mode: 0o100600 };
const tcp = { inq_len: 2, inq_seq: 1, outq_len: 3, outq_seq: 1, opt_mask: 0, snd_wscale: 0, mss_clamp: 0 };
const pipe = (data: string): Buffer => Buffer.concat([framed(imageTypes.PIPES_DATA.message, { pipe_id: 5, bytes: data.length }), Buffer.from(data)]);

describe('what follows a message', () => {
  it.each<[string, string, Buffer, string[][]]>([
    ['the data of pipes', 'pipes-data.img', image(imageTypes.PIPES_DATA, pipe('hello'), pipe(''), pipe('!')), [['hello'], [''], ['!']]],
    ['the data of FIFOs', 'fifo-data.img', image(imageTypes.FIFO_DATA, pipe('x')), [['x']]],
    ['queued packets', 'sk-queues.img', image(imageTypes.SK_QUEUES, framed(imageTypes.SK_QUEUES.message, { id_for: 1, length: 3, scm: [] }), Buffer.from('abc')), [['abc']]],
    ['queues of a stream', 'tcp-stream-1.img', image(imageTypes.TCP_STREAM, framed(imageTypes.TCP_STREAM.message, tcp), Buffer.from('inout')), [['in', 'out']]],
    ['semaphores, padded to 8', 'ipcns-sem-1.img', image(imageTypes.IPCNS_SEM, framed(imageTypes.IPCNS_SEM.message, { desc, nsems: 1 }), Buffer.from('ab\0\0\0\0\0\0'), framed(imageTypes.IPCNS_SEM.message, { desc, nsems: 0 })), [['ab'], ['']]],
    ['an old segment, padded to 4', 'ipcns-shm-1.img', image(imageTypes.IPCNS_SHM, framed(imageTypes.IPCNS_SHM.message, { desc, size: 5n }), Buffer.from('12345\0\0\0')), [['12345']]],
    ['a segment among the pages', 'ipcns-shm-1.img', image(imageTypes.IPCNS_SHM, framed(imageTypes.IPCNS_SHM.message, { desc, size: 5n, in_pagemaps: true })), [[]]],
    ['queued messages', 'ipcns-msg-1.img', image(imageTypes.IPCNS_MSG, framed(imageTypes.IPCNS_MSG.message, { desc, qbytes: 99, qnum: 2 }), framed(ipcMsg, { mtype: 1n, msize: 3 }), Buffer.from('one\0\0\0\0\0'), framed(ipcMsg, { mtype: 2n, msize: 8 }), Buffer.from('eight888')), [['one', 'eight888']]],
    ['a whole deleted file', 'ghost-file-1.img', image(imageTypes.GHOST_FILE, framed(imageTypes.GHOST_FILE.message, ghost), Buffer.from('content')), [['content']]],
    ['a deleted file in chunks', 'ghost-file-1.img', image(imageTypes.GHOST_FILE, framed(imageTypes.GHOST_FILE.message, { ...ghost, chunks: true, size: 9n }), framed(ghostChunkEntry, { len: 2n, off: 1n }), Buffer.from('ab'), framed(ghostChunkEntry, { len: 1n, off: 8n }), Buffer.from('c')), [[], ['ab'], ['c']]],
    ['keys and values of a map', 'bpfmap-data.img', image(imageTypes.BPFMAP_DATA, framed(bpfmapDataEntry, { map_id: 1, keys_bytes: 2, values_bytes: 4, count: 1 }), Buffer.from('kkvvvv')), [['kkvvvv']]],
  ])('is %s, and comes back from JSON', async (_, name, bytes, expected) => {
    const source = memorySource(bytes);
    const { entries, gaps } = await decodeImage(source, name);
    expect(gaps).toEqual([]);
    expect(await Promise.all(entries.map(({ payload }) => Promise.all(payload.map((part) => text(source, part)))))).toEqual(expected);
    expect(Buffer.from(imageFromJson(await imageToJson(source, name))).equals(bytes)).toBe(true);
  });

  it.each([
    ['a pipe of 4 GiB', image(imageTypes.PIPES_DATA, framed(imageTypes.PIPES_DATA.message, { pipe_id: 1, bytes: 0xffffffff }))],
    ['a segment past any file', image(imageTypes.IPCNS_SHM, framed(imageTypes.IPCNS_SHM.message, { desc, size: (1n << 64n) - 1n }))],
    ['a queue of 4 billion messages', image(imageTypes.IPCNS_MSG, framed(imageTypes.IPCNS_MSG.message, { desc, qbytes: 0, qnum: 0xffffffff }))],
    ['semaphores without end', image(imageTypes.IPCNS_SEM, framed(imageTypes.IPCNS_SEM.message, { desc, nsems: 0xffffffff }))],
    ['a chunk past the end', image(imageTypes.GHOST_FILE, framed(imageTypes.GHOST_FILE.message, { ...ghost, chunks: true }), framed(ghostChunkEntry, { len: 1n << 40n, off: 0n }))],
  ])('is a gap where it is %s', async (_, bytes) => {
    const { gaps } = await decodeImage(memorySource(bytes), 'x.img');
    expect(gaps).toHaveLength(1);
  });
});

describe('an image', () => {
  const whole = image(imageTypes.PIPES_DATA, pipe('hello'), pipe('world'));

  it('that is cut at any byte has the entries before the cut, and says where it ends', async () => {
    const borders = (await decodeImage(memorySource(whole), 'pipes-data.img')).entries.map(({ offset }) => offset);
    for (let end = 0; end < whole.length; end++) {
      const cut = memorySource(whole.subarray(0, end));
      if (end < 8) await expect(decodeImage(cut, 'pipes-data.img')).rejects.toMatchObject({ name: 'DamageError', place: { image: 'pipes-data.img' } });
      else {
        const { entries, gaps } = await decodeImage(cut, 'pipes-data.img');
        expect(entries).toHaveLength(end < borders[1]! ? 0 : 1);
        expect(gaps.map(({ code }) => code)).toEqual(end === 8 || borders.includes(end) ? [] : ['truncated']);
      }
    }
  });

  it('of another type, or of none, is refused', async () => {
    await expect(readImage(memorySource(whole), 'fs-1.img', imageTypes.FS)).rejects.toMatchObject({ code: 'malformed', reason: expect.stringContaining('PIPES_DATA image, not FS') });
    await expect(decodeImage(memorySource(Buffer.alloc(8)), 'x.img')).rejects.toMatchObject({ code: 'malformed' });
  });

  it('of the old form, without a leading word, is read', async () => {
    expect(await decodeImage(memorySource(whole.subarray(4)), 'pipes-data.img')).toMatchObject({ leading: undefined, gaps: [], entries: [{}, {}] });
  });

  it('whose second entry says nothing ends there: a hole in a sparse file has such entries without end', async () => {
    const endless = sparseSource(2 ** 52, [{ offset: 0, source: memorySource(image(imageTypes.CGROUP)) }]);
    const { entries, gaps } = await decodeImage(endless, 'cgroup.img');
    expect(entries).toHaveLength(1);
    expect(gaps).toMatchObject([{ code: 'malformed', place: { image: 'cgroup.img', offset: 12 } }]);
  });
});
