import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { memorySource } from '@icecore/bytes';
import { type CheckpointArchive, memorySpool, openArchive, openNested } from './index.ts';

const samples = fileURLToPath(new URL('../../../samples/', import.meta.url));
const inventoryMagic = 0x58313116;

const cases = (
  [
    ['checkpoint-loop_lab-counter-2026-11-23T07-26-29Z.tar', 'none', 'tar', 27],
    ['crio-loop.tar', 'none', 'tar', 26],
    ['podman-attack.tar.zst', 'zstd', 'tar', 53],
    ['podman-loop.tar.zst', 'zstd', 'tar', 34],
    ['podman-oci-image.tar', 'none', 'oci-image', 31],
    ['podman-userns.tar.gz', 'gzip', 'tar', 27],
  ] as const
).filter(([name]) => existsSync(samples + name));

describe('a real archive', () => {
  if (cases.length === 0) it.todo('opens, where samples are at hand');

  const open = async (name: string): Promise<CheckpointArchive> =>
    openArchive(memorySource(await readFile(samples + name)), { spool: memorySpool() });

  for (const [name, compression, container, imageCount] of cases) {
    it(`${name} opens whole`, async () => {
      const archive = await open(name);
      expect(archive).toMatchObject({ compression, container, gaps: [], imagesPrefix: 'checkpoint/' });
      expect(archive.images().size).toBe(imageCount);
      const head = Buffer.from((await archive.images().get('inventory.img')?.source.read(0, 4)) ?? []);
      expect(head.readUInt32LE(0)).toBe(inventoryMagic);
      expect([...archive.entries.keys()]).toEqual(expect.arrayContaining(['config.dump', 'spec.dump', 'stats-dump']));
    });

    it(`${name} has nested archives that open whole`, async () => {
      const archive = await open(name);
      const nested = [...archive.entries.values()].filter(({ path, size }) => /\.tar$|\.tar\.gz\.img$/.test(path) && size > 0);
      expect(nested.length).toBeGreaterThan(1);
      for (const entry of nested) {
        const { entries, gaps } = await openNested(entry, { spool: memorySpool() });
        expect([entry.path, gaps]).toEqual([entry.path, []]);
        expect(entries.length).toBeGreaterThan(0);
      }
    });
  }
});
