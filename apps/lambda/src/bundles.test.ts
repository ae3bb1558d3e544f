import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stepNames } from '@icecore/pipeline';
import { tool } from './tool.ts';

const dist = join(import.meta.dirname, '../dist');
const functions = [...stepNames, 'start', 'compact'];
/** Largest bundle: what Node parses at a cold start. */
const maxBundleBytes = 3 * 2 ** 20;

describe('the bundled functions', () => {
  it('load under plain Node with nothing beside them, each with its handler', () => {
    const files = functions.map((name) => join(dist, name, 'index.mjs'));
    const program = `for (const file of ${JSON.stringify(files)}) { const { handler } = await import(file); console.log(typeof handler); }`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: '/', encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    expect([stdout.trim().split('\n'), stderr]).toEqual([functions.map(() => 'function'), '']);
  });

  it.each(functions)('%s is small, and asks for nothing native', (name) => {
    const file = join(dist, name, 'index.mjs');
    expect(existsSync(file)).toBe(true);
    expect(statSync(file).size).toBeLessThan(maxBundleBytes);
    expect(readFileSync(file, 'utf8')).not.toMatch(/from\s*["']@(duckdb|litko)\//);
  });

  it('are of the version that the package says', () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));
    expect(tool.version).toBe(version);
  });
});
