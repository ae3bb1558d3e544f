import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { indexTar, memorySpool, openArchive } from '@icecore/archive';
import { type ByteSource, memorySource, sparseSource } from '@icecore/bytes';
import { imageTypes } from '@icecore/criu';
import { openSnapshot } from '@icecore/snapshot';
import { forgeImage } from './forge-image.ts';
import { file, forgeHeader, forgeTar, type Member } from './forge-tar.ts';
import { readBytes } from './reading.ts';

const metadata = [file('config.dump', '{}'), file('spec.dump', '{}')];
const MiB = 2 ** 20;

const open = (bytes: Uint8Array, limits = {}) => openArchive(memorySource(bytes), { spool: memorySpool(256 * MiB), limits });

describe('a compression bomb', () => {
  const zeros = Buffer.alloc(64 * MiB);
  const start = forgeTar(metadata).subarray(0, -1024);
  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('of %s stops at the ratio', async (_, compress) => {
    const archive = await open(compress(Buffer.concat([start, zeros])), { freeExpandedBytes: MiB, maxExpansionRatio: 100 });
    expect(archive.gaps.map(({ code }) => code)).toContain('limit');
  });

  it('stops at the most bytes that may come out', async () => {
    const archive = await open(gzipSync(Buffer.concat([start, zeros])), { maxExpandedBytes: MiB });
    expect(archive.gaps.map(({ reason }) => reason).join()).toMatch(/1\.0 MiB/);
  });

  it('stops where the spool is full', async () => {
    await expect(openArchive(memorySource(gzipSync(Buffer.concat([start, zeros]))), { spool: memorySpool(MiB) })).rejects.toMatchObject({ code: 'limit' });
  });

  it('inside a bomb is not opened for ever', async () => {
    const nested = [1, 2, 3, 4, 5, 6].reduce((bytes) => gzipSync(bytes), forgeTar(metadata));
    await expect(open(nested)).rejects.toMatchObject({ message: expect.stringMatching(/more than 4 times/) });
    expect(await readBytes(forgeTar([...metadata, file('rootfs-diff.tar', nested)]))).toBe('read');
  });
});

describe('a tar of very many entries', () => {
  it('stops at two million, which it lists', async () => {
    const block = forgeHeader(file('a'));
    const count = 2_000_100;
    const source: ByteSource = {
      size: count * 512,
      read: (from, to) => {
        const bytes = Buffer.alloc(to - from);
        for (let at = 0; at < bytes.length; at += 512 - ((from + at) % 512)) block.copy(bytes, at, (from + at) % 512);
        return Promise.resolve(bytes);
      },
    };
    const { entries, gaps } = await indexTar(source);
    expect(entries).toHaveLength(2_000_000);
    expect(gaps.map(({ code }) => code)).toContain('limit');
  });
});

describe('a file that claims to be larger than it is', () => {
  /** A GNU sparse file without a single stored byte. */
  const sparse = (name: string, realSize: number, head: Buffer = Buffer.alloc(0)): Buffer => {
    const block = forgeHeader({ name, type: 'S', body: head });
    if (head.length > 0) {
      block.write('00000000000\0', 386);
      block.write(`${head.length.toString(8).padStart(11, '0')}\0`, 398);
    }
    block.fill(0, 483, 495);
    block[483] = 0x80;
    block.writeBigUInt64BE(BigInt(realSize), 487);
    block.fill(0x20, 148, 156);
    block.write(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
    return Buffer.concat([block, head, Buffer.alloc((512 - (head.length % 512)) % 512)]);
  };
  const withSparse = (name: string, size: number, head?: Buffer): Buffer => Buffer.concat([sparse(name, size, head), forgeTar(metadata)]);

  it.each([2 ** 40, 2 ** 52, 2 ** 53 - 1])('of %i bytes of nothing is listed with that size and takes no room', async (size) => {
    const archive = await open(withSparse('checkpoint/pages-1.img', size));
    expect(archive.entries.get('checkpoint/pages-1.img')?.source.size).toBe(size);
    expect(await readBytes(withSparse('checkpoint/pages-1.img', size))).toBe('read');
  });

  it.each(['config.dump', 'rootfs-diff.tar', 'deleted.files', 'checkpoint/iptables-1.img'])('as %s is refused or passed over', async (name) => {
    expect(await readBytes(Buffer.concat([sparse(name, 2 ** 52), forgeTar(metadata.filter((each) => each.name !== name))]))).toBe('read');
  });

  it.each(['CGROUP', 'SECCOMP', 'PSTREE', 'FILES', 'INVENTORY', 'PIPES_DATA', 'MNTS', 'PAGEMAP', 'MM'] as const)('as an image of type %s that goes on with nothing ends in a gap', (type) => {
    const name = { CGROUP: 'cgroup', SECCOMP: 'seccomp', PSTREE: 'pstree', FILES: 'files', INVENTORY: 'inventory', PIPES_DATA: 'pipes-data', MNTS: 'mountpoints-1', PAGEMAP: 'pagemap-1', MM: 'mm-1' }[type];
    const head = forgeImage(`${name}.img`, imageTypes[type], []).body;
    const { ending, peakBytes } = readElsewhere(withSparse(`checkpoint/${name}.img`, 2 ** 52, Buffer.from(head)));
    expect(ending).toBe('read');
    expect(peakBytes).toBeLessThan(512 * MiB);
  });
});

describe('an image that claims more than it has', () => {
  const reasonsOf = async (...images: readonly Member[]): Promise<string> => {
    const bytes = forgeTar([...metadata, forgeImage('inventory.img', imageTypes.INVENTORY, []), ...images]);
    const archive = await open(bytes);
    const snapshot = await openSnapshot(archive, { spool: memorySpool() });
    await snapshot.hiddenFiles();
    return snapshot.gaps.map(({ reason }) => reason).join('\n');
  };

  it('in a pipe of 4 GiB is told', async () => {
    const image = forgeImage('pipes-data.img', imageTypes.PIPES_DATA, [{ message: { pipe_id: 1, bytes: 0xffffffff }, payload: Buffer.from('x') }]);
    expect(await reasonsOf(image)).toMatch(/4294967295 bytes runs past the end/);
  });

  it('in a queue of a socket is told', async () => {
    const image = forgeImage('sk-queues.img', imageTypes.SK_QUEUES, [{ message: { id_for: 1, length: 0xffffffff, scm: [] } }]);
    expect(await reasonsOf(image)).toMatch(/runs past the end/);
  });

  it.each([1n << 40n, (1n << 64n) - 1n])('in a deleted file of chunks of %i bytes is told', async (size) => {
    const remap = forgeImage('remap-fpath.img', imageTypes.REMAP_FPATH, [{ message: { orig_id: 1, remap_id: 1, remap_type: 'GHOST' } }]);
    const ghost = forgeImage('ghost-file-1.img', imageTypes.GHOST_FILE, [
      { message: { uid: 0, gid: 0, mode: 0o100600, chunks: true, size } },
      { message: { pid: 1, ppid: 0, pgid: 0, sid: 0, threads: [] }, schema: imageTypes.PSTREE.message },
    ]);
    const archive = await open(forgeTar([...metadata, remap, ghost]));
    const snapshot = await openSnapshot(archive, { spool: memorySpool() });
    for (const { size: claimed } of await snapshot.hiddenFiles()) expect(Number.isSafeInteger(claimed)).toBe(true);
  });
});

/** Reads an archive in a process of its own, so that the memory it takes can be told. */
function readElsewhere(bytes: Uint8Array): { ending: string; peakBytes: number } {
  const script = fileURLToPath(new URL('./read-input.ts', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, ['--no-warnings', script], { input: bytes, encoding: 'utf8', timeout: 60_000 }));
}

describe('a sparse source', () => {
  it('of more bytes than a number counts is refused', () => {
    expect(() => sparseSource(2 ** 60, [])).toThrow(/no size/);
  });
});
