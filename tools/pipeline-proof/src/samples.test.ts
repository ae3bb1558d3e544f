import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byMachine, bySteps } from './both-ways.ts';

const samples = join(import.meta.dirname, '../../../samples');
const folder = mkdtempSync(join(tmpdir(), 'icecore-proof-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the state machine, over the samples', () => {
  it.each(globSync('*.{tar,tar.gz,tar.zst}', { cwd: samples }).sort())('writes of %s byte for byte what its steps write when they are called by hand', async (name) => {
    const archive = join(samples, name);
    const machine = await byMachine(archive, [], folder);
    expect(machine).toEqual(await bySteps(archive, []));
    expect(machine.lake.size).toBeGreaterThan(10);
  });
});
