import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAll } from '@icecore/bytes';
import fc from 'fast-check';
import { folderSpool } from './index.ts';
import { filledRuns } from './spool.ts';

const block = 64 * 1024;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'icecore-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a spool of temporary files', () => {
  it('gives back what was written, in whatever pieces', async () => {
    const piece = fc.tuple(fc.integer({ min: 0, max: 2 * block }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const chunks = pieces.map(([length, filled], i) => new Uint8Array(length).fill(filled ? i + 1 : 0));
        const file = await folderSpool({ folder }).create();
        for (const chunk of chunks) await file.write(chunk);
        const whole = await readAll(await file.finish());
        await file.discard();
        expect(Buffer.compare(whole, Buffer.concat(chunks))).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('leaves no name behind, and only its owner may read it', async () => {
    const file = await folderSpool({ folder }).create();
    await file.write(new Uint8Array([1, 2, 3]));
    expect(readdirSync(folder)).toEqual([]);
    const [link] = openFiles();
    expect(link && statSync(link).mode & 0o777).toBe(0o600);
    expect(link && statSync(link).nlink).toBe(0);
    await file.discard();
  });

  it('closes its file when it is discarded, before finish or after, once or twice', async () => {
    const spool = folderSpool({ folder });
    const [early, late] = [await spool.create(), await spool.create()];
    await late.finish();
    expect(openFiles()).toHaveLength(2);
    for (const file of [early, late, early, late]) await file.discard();
    expect(openFiles()).toEqual([]);
  });

  it('keeps zeros as holes', async () => {
    const file = await folderSpool({ folder }).create();
    await file.write(new Uint8Array([1]));
    for (let i = 0; i < 16; i++) await file.write(new Uint8Array(1 << 20));
    const source = await file.finish();
    expect(source.size).toBe(1 + 16 * 2 ** 20);
    const [link = ''] = openFiles();
    expect(statSync(link).size).toBe(source.size);
    expect(statSync(link).blocks * 512).toBeLessThanOrEqual(block);
    expect(await source.read(source.size - 4, source.size)).toEqual(new Uint8Array(4));
    await file.discard();
  });

  it('refuses to fill the file system beyond the reserve', async () => {
    const file = await folderSpool({ folder, minFreeBytes: Number.MAX_SAFE_INTEGER }).create();
    await file.write(new Uint8Array(2 * block));
    await expect(file.write(new Uint8Array([1]))).rejects.toMatchObject({ name: 'DamageError', code: 'limit' });
    await file.discard();
  });

  it('takes nothing more once it is finished', async () => {
    const file = await folderSpool({ folder }).create();
    await file.finish();
    await expect(file.write(new Uint8Array(1))).rejects.toThrow('spool file is finished');
    await expect(file.finish()).rejects.toThrow('spool file is finished');
    await file.discard();
  });

  it('fails for a folder that is not there', async () => {
    await expect(folderSpool({ folder: join(folder, 'none') }).create()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  /** Paths under /proc of the files of the test's folder that this process holds open. */
  function openFiles(): string[] {
    return readdirSync('/proc/self/fd')
      .map((descriptor) => `/proc/self/fd/${descriptor}`)
      .filter((path) => linkOf(path).startsWith(folder) && readFileSync(path).length >= 0);
  }
});

describe('the runs of a chunk that are not holes', () => {
  const one = new Uint8Array(block).fill(1);
  const zero = new Uint8Array(block);

  it.each<[string, Uint8Array[], number, number[][]]>([
    ['nothing', [], 0, []],
    ['zeros alone', [zero, zero], 0, []],
    ['one run before zeros', [one, zero], 0, [[0, block]]],
    ['one run after zeros', [zero, one], 0, [[block, 2 * block]]],
    ['runs on both sides', [one, zero, one], 0, [[0, block], [2 * block, 3 * block]]],
    ['two blocks as one run', [one, one], 0, [[0, 2 * block]]],
    ['zeros that fill no whole block, where the place is not aligned', [one, zero, one], 5, [[0, 3 * block]]],
  ])('are %s', (_, blocks, position, expected) => {
    const runs = [...filledRuns(new Uint8Array(Buffer.concat(blocks)), position)];
    expect(runs.map(({ start, end }) => [start, end])).toEqual(expected);
  });
});

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
