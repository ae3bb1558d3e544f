import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { icecore, root } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-unseen-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What no checkpoint holds, whatever made it. */
const always = ['processes started by exec', 'unmodified pages of mapped files', 'start times of processes'];
/** What the engine leaves out besides. */
const byEngine: Readonly<Record<string, readonly string[]>> = {
  podman: ['modified files of the image'],
  'cri-o': ['modified files of the image', '/dev/shm'],
  containerd: ['/dev/shm'],
};
const samples = globSync('samples/*.{tar,tar.gz,tar.zst}', { cwd: root }).sort();

describe('what a checkpoint cannot show', () => {
  const engines = new Set<string>();

  it.each(samples)('is said with %s, on the screen and as JSON', (path) => {
    const shown = icecore('show', path).out.split('not in this archive\n')[1]?.split('\n').map((line) => line.trim().split(':')[0]);
    const { container, gaps } = JSON.parse(icecore('show', '--json', path).out);
    const told = gaps.filter(({ code }: { code: string }) => code === 'not_captured').map(({ subject }: { subject: string }) => subject);
    const expected = [...always, ...(byEngine[container.engine] ?? [])];
    expect(shown).toEqual(expect.arrayContaining(expected));
    expect(told).toEqual(expect.arrayContaining(expected));
    engines.add(container.engine);
  });

  it('is said of the archives of every engine', () => {
    expect([...engines].sort()).toEqual(Object.keys(byEngine).sort());
  });

  it('is a row of the lake for every capture', () => {
    const lake = join(folder, 'lake');
    icecore('analyze', '--lake', lake, '--secret-key', join(folder, 'secret-key'), ...samples);
    const { out } = icecore('query', '--lake', lake, '--csv', "SELECT subject FROM gaps WHERE code = 'not_captured' GROUP BY subject HAVING count(DISTINCT capture_id) = (SELECT count(*) FROM captures) ORDER BY subject");
    expect(out.trim().split(/\r?\n/).slice(1)).toEqual(expect.arrayContaining([...always].sort()));
  });
});
