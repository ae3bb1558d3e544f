import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySpool, openArchive, openNested } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { extractionFolder } from '@icecore/local';
import { openSnapshot } from '@icecore/snapshot';
import { file, forgeTar, type Member } from './forge-tar.ts';
import { originalPaths, readOriginal } from './originals.ts';

let outside: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'icecore-hostile-'));
  mkdirSync(join(outside, 'etc'));
  writeFileSync(join(outside, 'etc/passwd'), 'root');
  writeFileSync(join(outside, 'x'), 'as it was');
});
afterEach(() => rmSync(outside, { recursive: true }));

/** Everything below a folder: its kind and, of files, its content. */
function treeOf(folder: string): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    tree[path.slice(folder.length + 1)] = entry.isDirectory() ? 'directory' : entry.isFile() ? readFileSync(path, 'latin1') : 'something else';
  }
  return tree;
}

const evil = [
  '../x',
  '../../../../../../../../../../../../tmp/x',
  'a/../../x',
  './../x',
  '..',
  '.',
  '',
  '/',
  '//',
  '/etc/passwd',
  '/../etc/passwd',
  'etc/passwd\0.txt',
  '\0',
  '..\\..\\x',
  'C:\\x',
  'x/.',
  'x/..',
  'link/x',
  'link',
  '\u202egnp.exe',
  'a\nb',
  '\udc80\udcff',
  'con',
  'nul.txt',
  `${'n'.repeat(300)}`,
  `${'d/'.repeat(3000)}x`,
  `${'ä'.repeat(200)}`,
  'index.json',
  '../index.json',
  '%2e%2e/x',
  'a',
  'a/b',
  'a/b/c',
  'a',
  'A',
  'A/B',
];

describe('an extraction folder', () => {
  it.each([
    ['in this order', evil],
    ['the other way round', [...evil].reverse()],
    ['each twice', evil.flatMap((name) => [name, name])],
  ])('takes hostile names, %s, and writes nothing outside it and nothing but files', async (_, names) => {
    const before = treeOf(outside);
    const root = join(outside, 'out');
    const folder = await extractionFolder(root);
    const content = memorySource(Buffer.from('evil'));
    const written: string[] = [];
    for (const name of names) {
      const { path, gap } = await folder.write('rootfs', name, content);
      expect(path === undefined).toBe(gap !== undefined);
      if (path !== undefined) written.push(path);
    }
    await folder.writeIndex({});
    const inside = treeOf(root);
    const after = Object.fromEntries(Object.entries(treeOf(outside)).filter(([path]) => path !== 'out' && !path.startsWith('out/')));
    expect(after).toEqual(before);
    expect(new Set(written).size).toBe(written.length);
    expect(Object.keys(inside).filter((path) => inside[path] === 'evil').sort()).toEqual([...written].sort());
    expect(Object.values(inside)).not.toContain('something else');
    expect(written.length).toBeGreaterThan(names.length - 4);
  });

  it('takes the same name a hundred thousand times without slowing down', async () => {
    const folder = await extractionFolder(join(outside, 'out'));
    const nothing = memorySource(new Uint8Array(0));
    const timeOf = async (count: number): Promise<number> => {
      const start = performance.now();
      for (let i = 0; i < count; i++) await folder.write('rootfs', 'same', nothing);
      return performance.now() - start;
    };
    const first = await timeOf(2000);
    await timeOf(16_000);
    expect(await timeOf(2000)).toBeLessThan(8 * first + 1000);
  });

  it('refuses a folder that has something in it', async () => {
    await expect(extractionFolder(outside)).rejects.toMatchObject({ code: 'ENOTEMPTY' });
  });
});

describe('an archive of hostile entries', () => {
  const entries: readonly Member[] = [
    ...evil.filter((name) => name !== '').map((name) => file(name, 'evil')),
    { name: 'link', type: '2', linkName: '../..', body: Buffer.alloc(0) },
    { name: 'hard', type: '1', linkName: '/etc/passwd', body: Buffer.alloc(0) },
    { name: 'disk', type: '4', body: Buffer.alloc(0) },
    { name: 'console', type: '3', body: Buffer.alloc(0) },
    { name: 'pipe', type: '6', body: Buffer.alloc(0) },
    file('link/x', 'through the link'),
    file('hard', 'over the link'),
  ];

  it('names those that lead out of it, and links and devices as what they are', async () => {
    const nested = await openNested({ ...(await carrier(forgeTar(entries))) }, { spool: memorySpool() });
    const unsafe = nested.entries.filter((entry) => entry.unsafe).map(({ rawPath }) => rawPath);
    expect(unsafe).toEqual(expect.arrayContaining(['../x', 'a/../../x', '/etc/passwd', '/../etc/passwd', '//', '..']));
    for (const { path } of nested.entries) expect(path.split('/')).not.toContain('..');
    const types = Object.fromEntries(nested.entries.map(({ path, type }) => [path, type]));
    expect(types).toMatchObject({ link: 'symlink', disk: 'block_device', console: 'character_device', pipe: 'fifo' });
  });

  it('is extracted without following, making or leaving anything but files in the folder', async () => {
    const before = treeOf(outside);
    const root = join(outside, 'out');
    const [path = ''] = originalPaths();
    const { members } = await readOriginal(path);
    const hostile = forgeTar([...members.filter(({ name }) => name !== 'rootfs-diff.tar'), file('rootfs-diff.tar', forgeTar(entries))]);
    const archive = await openArchive(memorySource(hostile), { spool: memorySpool() });
    const snapshot = await openSnapshot(archive, { spool: memorySpool() });
    const folder = await extractionFolder(root);
    const { files } = await snapshot.changedFiles();
    expect(files.filter(({ origin }) => origin === 'rootfs-diff.tar').length).toBeGreaterThan(20);
    for (const { kind, path: name, entry } of files) if (entry !== undefined) await folder.write(kind, name, entry.source);
    const { out, ...rest } = treeOf(outside);
    expect(out).toBe('directory');
    expect(Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('out/')))).toEqual(before);
    expect(Object.values(rest)).not.toContain('something else');
  });
});

async function carrier(tar: Uint8Array) {
  const archive = await openArchive(memorySource(forgeTar([file('config.dump', '{}'), file('spec.dump', '{}'), file('rootfs-diff.tar', tar)])), { spool: memorySpool() });
  const entry = archive.entries.get('rootfs-diff.tar');
  if (entry === undefined) throw new Error('the archive lacks its entry');
  return entry;
}
