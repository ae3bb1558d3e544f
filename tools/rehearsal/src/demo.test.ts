import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyCapture, trustIn } from '@icecore/evidence';
import { signingKeyFile, vaultFolder } from '@icecore/local';
import { icecore, repository } from './command-line.ts';

const base = mkdtempSync(join(tmpdir(), 'icecore-demo-'));
afterAll(() => rmSync(base, { recursive: true }));

let out = '';
let took = 0;

/** Commands of the story, as a shell takes them apart. */
function commands(prompt: string): string[][] {
  const found = out.replaceAll(/ \\\n\s*/g, ' ').split('\n').filter((line) => line.startsWith(prompt));
  return found.map((line) => [...line.slice(prompt.length).matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''));
}

beforeAll(() => {
  const begun = performance.now();
  const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--experimental-strip-types', 'tools/rehearsal/src/demo/main.ts', base], { cwd: repository, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
  took = (performance.now() - begun) / 1000;
  if (run.status !== 0) throw new Error(run.stderr);
  out = run.stdout;
}, 300_000);

describe('npm start', () => {
  it('plays an attack from the alert to the answer, on a screen of 80 columns', () => {
    process.stdout.write(`the demo took ${took.toFixed(1)} s\n`);
    expect([...out.matchAll(/^ *\d+\.\d s (\w+)/gm)].map(([, word]) => word)).toEqual(['cluster', 'alert', 'accepted', 'captured', 'hashed', 'sealed', 'verified', 'checked', 'analysed', 'asked', 'done']);
    expect(out).toMatch(/critical +S17 +sh \(23\) has its standard input/);
    expect(out).toMatch(/^23 +sh -i +\/usr\/bin\/dash +10\.88\.0\.1 +4444$/m);
    expect(out).toMatch(/^21 +4 +program in memory +\/memfd:x +2063232$/m);
    expect(out).toMatch(/^ssh +\/root\/\.ssh\/authorized_keys/m);
    // Paths of the test's own folder are longer than those that a user sees.
    expect(out.split('\n').filter((line) => [...line].length > 80 && !line.includes(base))).toEqual([]);
  });

  it('leaves evidence that holds, with the hash that it told', async () => {
    const vault = vaultFolder(join(base, 'demo/vault'));
    const keys: string[] = [];
    for await (const { key } of vault.list('clusters/')) if (key.endsWith('/manifest.json')) keys.push(key);
    expect(keys).toHaveLength(1);
    const report = await verifyCapture(vault, (keys[0] ?? '').replace(/manifest\.json$/, ''), trustIn(await signingKeyFile(join(base, 'demo/keys/signing.pem'))));
    expect(report).toMatchObject({ holds: true });
    expect(out).toContain(/^ {16}([0-9a-f]{64})$/m.exec(out)?.[1] ?? 'no hash');
  });

  it('names commands that do what it says, and ends with the archive of whoever reads it', async () => {
    const next = commands('  npx icecore ');
    expect(next.at(-1)?.at(-1)).toBe('YOUR-CHECKPOINT.tar');
    for (const words of [...commands('$ npx icecore '), ...next.filter((words) => words[0] !== 'serve').slice(0, -1)]) expect([words, await icecore(words)]).toMatchObject([words, { code: 0 }]);
  });

  it('leaves the samples in the lake beside the capture, each once', async () => {
    const { out: counted } = await icecore(['query', '--lake', join(base, 'lake'), '--json', 'SELECT count(*) AS captures, count(DISTINCT capture_id) AS ids FROM captures']);
    expect(JSON.parse(counted)).toEqual({ captures: 7, ids: 7 });
  });
});
