import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAll } from '@icecore/bytes';
import { type LakeStore, storeContract } from '@icecore/lake';
import { lakeFolder } from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'icecore-lake-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = 'v1/processes/tenant=default/dt=2025-03-01/capture-00000.parquet';

describe('a lake in a folder', () => {
  it.each(storeContract)('$title', async ({ check }) => {
    await expect(check(lakeFolder(join(folder, 'lake')))).resolves.toBeUndefined();
  });

  it('is there for its owner only', async () => {
    await lakeFolder(join(folder, 'lake')).writePart(path, new Uint8Array([1]));
    expect(statSync(join(folder, 'lake')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'lake', path)).mode & 0o777).toBe(0o600);
  });

  it('does not touch a file that holds the same bytes', async () => {
    const lake = lakeFolder(folder);
    await lake.writePart(path, new Uint8Array([1, 2]));
    utimesSync(join(folder, path), 1, 1);
    await lake.writePart(path, new Uint8Array([1, 2]));
    expect(statSync(join(folder, path)).mtimeMs).toBe(1000);
    await lake.writePart(path, new Uint8Array([2, 1]));
    expect(statSync(join(folder, path)).mtimeMs).toBeGreaterThan(1000);
  });

  it('leaves a file that is being read as it was when it is replaced', async () => {
    const lake = lakeFolder(folder);
    await lake.writePart(path, new Uint8Array([1, 1, 1]));
    const reader = await lake.open(path);
    await lake.writePart(path, new Uint8Array([2]));
    expect(await readAll(reader)).toEqual(new Uint8Array([1, 1, 1]));
  });

  it('leaves nothing but the file, also when many write it at once', async () => {
    const lake = lakeFolder(folder);
    await Promise.all(Array.from({ length: 8 }, (_, i) => lake.writePart(path, new Uint8Array(10_000).fill(i))));
    expect(readdirSync(join(folder, path, '..'))).toEqual(['capture-00000.parquet']);
    const bytes = await readAll(await lake.open(path));
    expect(new Set(bytes).size).toBe(1);
  });

  it('leaves nothing when a file cannot be written', async () => {
    mkdirSync(join(folder, path), { recursive: true });
    await expect(lakeFolder(folder).writePart(path, new Uint8Array([1]))).rejects.toMatchObject({ code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/) });
    expect(readdirSync(join(folder, path, '..'))).toEqual(['capture-00000.parquet']);
  });

  it('does not list what an interrupted writer left', async () => {
    const lake = lakeFolder(folder);
    await lake.writePart(path, new Uint8Array([1]));
    writeFileSync(join(folder, path, '..', '.capture-00001.parquet.1234'), 'half');
    expect(await paths(lake, '')).toEqual([path]);
  });

  it('does not write through a link that leads out of it', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'icecore-outside-'));
    mkdirSync(join(folder, 'lake/v1'), { recursive: true });
    symlinkSync(outside, join(folder, 'lake/v1/processes'));
    await expect(lakeFolder(join(folder, 'lake')).writePart(path, new Uint8Array([1]))).rejects.toMatchObject({ code: 'invalid_name' });
    expect(readdirSync(outside)).toEqual([]);
    rmSync(outside, { recursive: true });
  });

  it('refuses to list outside', async () => {
    await expect(paths(lakeFolder(folder), '../')).rejects.toMatchObject({ code: 'invalid_name' });
  });

  it('is empty where the folder is not there yet', async () => {
    expect(await paths(lakeFolder(join(folder, 'none')), '')).toEqual([]);
  });

  it('has no file where a folder is', async () => {
    const lake = lakeFolder(folder);
    await lake.writePart(path, new Uint8Array([1]));
    await expect(lake.open('v1/processes')).rejects.toMatchObject({ name: 'LakeError', code: 'missing' });
  });
});

async function paths(lake: LakeStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const part of lake.list(prefix)) found.push(part.path);
  return found;
}
