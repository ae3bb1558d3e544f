import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbEngine } from '@icecore/local';
import { isSecretName } from '@icecore/secrets';
import { allTables } from '@icecore/tables';
import { commands } from './commands.ts';

/*
 * Every command runs on every sample, and nothing that it prints or writes for people or tables holds a secret that the
 * samples are known to hold. Files of evidence are the exception: they are what the archive holds, byte for byte.
 */
const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'icecore-leaks-'));
const lake = join(folder, '.icecore/lake');
afterAll(() => rmSync(folder, { recursive: true }));

const samples = readdirSync(join(root, 'samples')).filter((name) => /\.tar(\.\w+)?$/.test(name)).map((name) => join(root, 'samples', name));
const attack = join(root, 'samples/podman-attack.tar.zst');
const loop = join(root, 'samples/podman-loop.tar.zst');

interface Ran {
  readonly words: readonly string[];
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
const runs: Ran[] = [];

function icecore(...words: readonly string[]): Ran {
  const env = { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '', ICECORE_SECRET_KEY_FILE: join(folder, '.icecore/secret-key') };
  const run = spawnSync(process.execPath, [join(root, 'apps/cli/bin/icecore.cjs'), ...words], { cwd: folder, maxBuffer: 1 << 28, env });
  const ran = { words, code: run.status, out: run.stdout.toString('utf8'), err: run.stderr.toString('utf8') };
  runs.push(ran);
  return ran;
}

interface Truth {
  readonly processes: readonly { readonly environ: readonly string[] }[];
}

/** The secrets in the environments of the samples, from outside: the truth was read from the live containers. */
const environmentSecrets = [
  ...new Set(
    readdirSync(join(root, 'samples/truth')).flatMap((name) => {
      const truth: Truth = JSON.parse(readFileSync(join(root, 'samples/truth', name), 'utf8'));
      return truth.processes.flatMap(({ environ }) => environ.flatMap((variable) => {
        const [name = '', value = ''] = variable.split(/=(.*)/s);
        return isSecretName(name) || name === 'AWS_ACCESS_KEY_ID' ? [value] : [];
      }));
    }),
  ),
];

/** What must stand nowhere: each secret, a large part of a long one, and both in hex, base64 and UTF-16. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const parts = secret.length > 24 ? [secret, secret.slice(0, 16), secret.slice(-16)] : [secret];
  return [...parts, ...parts.map((part) => Buffer.from(part).toString('hex')), ...[0, 1, 2].map((skip) => bytes.subarray(skip).toString('base64').slice(0, Math.floor(((bytes.length - skip) * 8) / 6) - 2)), secret.split('').join('.')];
}

/** The memory of process 1 of the attack as a file of evidence, for the key that was planted in it. */
function plantedKey(): string {
  const heap = icecore('memory', attack, '1').out;
  const starts = [...heap.matchAll(/^ *([0-9a-f]+)-[0-9a-f]+ +rw/gm)].map(([, start = '']) => start);
  for (const start of starts) {
    const file = join(folder, `region-${start}`);
    icecore('memory', attack, '1', '--at', start, '-o', file);
    const [, body] = /-----BEGIN RSA PRIVATE KEY-----(?:\\n|\s)+([A-Za-z0-9+/=]{16,})/.exec(existsSync(file) ? readFileSync(file, 'latin1') : '') ?? [];
    if (body !== undefined) return body;
  }
  return '';
}

const secrets = [...environmentSecrets, plantedKey()].filter((secret) => secret !== '');
const forms = secrets.flatMap(formsOf);
const leaksIn = (text: string): string[] => forms.filter((form) => text.includes(form)).map((form) => `form ${forms.indexOf(form)} of ${forms.length}`);

function runEverything(): void {
  icecore('analyze', ...samples, '--lake', lake);
  icecore('analyze', '--json', attack, '--lake', lake);
  for (const sample of samples) {
    for (const option of [['--all'], ['--all', '--json']]) icecore('show', ...option, sample);
    icecore('findings', '--json', sample);
  }
  for (const option of [[], ['--json'], ['--env']]) icecore('show', ...option, attack);
  icecore('findings', attack);
  icecore('list', join(root, 'samples'));
  icecore('list', '--json', join(root, 'samples'));
  for (const json of [[], ['--json']]) {
    icecore('diff', ...json, loop, attack);
    icecore('diff', ...json, loop, join(root, 'samples/podman-userns.tar.gz'));
    for (const pattern of ['AWS_', 'PRIVATE KEY', 'SECRET', '=', 'MDENG/bPx']) icecore('search', ...json, '--context', '16', attack, pattern);
    icecore('search', ...json, '--context', '0', '--regex', attack, '[A-Z0-9]{20}|[A-Za-z0-9/+]{40}');
    icecore('search', ...json, '--context', '100', loop, 'LAB_ENV');
    icecore('memory', ...json, attack, '1');
    icecore('strings', ...json, attack);
    icecore('extract', ...json, attack, '-o', join(folder, `files${json.length}`));
    icecore('core', ...json, attack, '23', '-o', join(folder, `core${json.length}`));
  }
  icecore('decode', attack, 'core-1.img', 'pstree.img', 'files.img', 'mm-1.img', 'pagemap-1.img');
  icecore('query', '--lake', lake, 'SELECT * FROM environment');
  for (const name of ['environment', 'processes', 'secrets', 'findings', 'files']) for (const form of ['--json', '--csv']) icecore('query', '--lake', lake, form, `SELECT * FROM ${name}`);
  for (const mapping of mappingsOf(attack, '1')) icecore('memory', attack, '1', '--at', mapping);
  icecore('query', '--lake', lake, "SELECT 'not a table' FROM nowhere");
  for (const hunt of readdirSync(join(root, 'hunts')).map((name) => name.replace(/\.sql$/, ''))) {
    icecore('hunt', '--lake', lake, hunt);
    icecore('hunt', '--lake', lake, '--json', hunt);
  }
  for (const value of ['198.51.100.7', 'AWS_', '/tmp/.xmrig', 'example.com']) icecore('hunt', '--lake', lake, '--ioc', value);
  for (const format of ['ocsf', 'timesketch', 'csv', 'stix', 'markdown']) icecore('export', '--lake', lake, '--format', format);
  icecore('export', '--lake', lake, '--format', 'ocsf-parquet', '--output', join(folder, 'ocsf'));
  const vault = ['--vault', join(folder, 'vault'), '--key', join(folder, 'signing.pem')];
  for (const json of [[], ['--json']]) {
    icecore('seal', ...json, ...vault, '--cluster', 'prod', '--reason', 'a test of leaks', ...samples);
    icecore('verify', ...json, ...vault);
    icecore('evidence', 'list', ...json, ...vault);
    for (const [capture = ''] of icecore('evidence', 'list', ...vault).out.matchAll(/clusters\/\S+/g)) icecore('evidence', 'show', ...json, ...vault, capture);
  }
  icecore('completion', 'bash');
  icecore('help');
  icecore('encode', 'no-such-file');
  icecore('reveal', attack, '--pid', '1', '--address', '400000', '--length', '4');
}

function mappingsOf(archive: string, pid: string): readonly string[] {
  return [...icecore('memory', archive, pid).out.matchAll(/^ *([0-9a-f]+)-[0-9a-f]+ +rw/gm)].map(([, start = '']) => start);
}

describe('secrets of the samples', () => {
  beforeAll(runEverything, 900_000);

  it('are known from outside, and the planted key from its bytes', () => {
    expect(environmentSecrets.length).toBeGreaterThanOrEqual(3);
    expect(secrets.length).toBe(environmentSecrets.length + 1);
  });

  it('are in no output of any command', () => {
    const leaks = runs.flatMap(({ words, out, err }) => leaksIn(out + err).map((leak) => `${words.join(' ').slice(0, 200)}: ${leak}`));
    expect(leaks).toEqual([]);
  });

  it('were looked for in the output of commands that work, and of every command that reads evidence', () => {
    const worked = new Set(runs.filter(({ code }) => code === 0 || code === 1 || code === 4).map(({ words }) => words[0]));
    for (const name of ['show', 'analyze', 'findings', 'query', 'search', 'strings', 'memory', 'extract', 'core', 'diff', 'decode', 'list', 'hunt', 'export', 'seal', 'verify', 'evidence']) expect(worked).toContain(name);
    expect(Object.keys(commands)).toEqual(expect.arrayContaining([...worked].filter((name) => name !== 'help')));
    expect(runs.filter(({ code }) => code === 70).map(({ words, err }) => `${words.join(' ')}: ${err.slice(0, 300)}`)).toEqual([]);
  });

  it('are in no table, as the file has it', async () => {
    const engine = await duckdbEngine({ lakeRoot: lake, tables: allTables });
    const leaks: string[] = [];
    for (const { name } of allTables) {
      const { rows } = await engine.query(`SELECT * FROM ${name}`);
      const text = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      leaks.push(...leaksIn(text).map((leak) => `${name}: ${leak}`));
    }
    await engine.close();
    expect(leaks).toEqual([]);
  });

  it('are in the environment table as kinds and HMACs, one for one secret', async () => {
    const engine = await duckdbEngine({ lakeRoot: lake, tables: allTables });
    const { rows } = await engine.query("SELECT DISTINCT secret_type, secret_hmac FROM environment WHERE name IN ('AWS_ACCESS_KEY_ID', 'LAB_ENV_SECRET') ORDER BY secret_type");
    await engine.close();
    expect(rows).toEqual([
      ['aws_access_key_id', expect.stringMatching(/^[0-9a-f]{64}$/)],
      [expect.stringMatching(/^(assigned_password|named_secret)$/), expect.stringMatching(/^[0-9a-f]{64}$/)],
    ]);
  });

  it('are in files of evidence, which are not altered and which their owner alone may read', () => {
    const files = readdirSync(folder).filter((name) => name.startsWith('region-')).map((name) => join(folder, name));
    expect(files.some((file) => readFileSync(file, 'latin1').includes('AKIAIOSFODNN7EXAMPLE'))).toBe(true);
    for (const file of [...files, join(folder, 'core0'), join(folder, '.icecore/secret-key')]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('reveal', () => {
  const log = join(folder, '.icecore/access.jsonl');
  const lines = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);

  it('shows nothing and records nothing without a reason', () => {
    const { code, out, err } = icecore('reveal', attack, '--pid', '21', '--address', '400000', '--length', '4');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('--reason');
    expect(lines()).toEqual([]);
  });

  it('shows one value of a process and of an entry, and records who, when, where and why', () => {
    const [hit] = icecore('search', '--json', attack, '--context', '0', 'AKIAIOSFODNN7EXAMPLE').out.split(/\n(?=\{)/);
    const { pid, address } = JSON.parse(hit ?? '{}');
    const { code, out } = icecore('reveal', attack, '--pid', String(pid), '--address', address, '--length', '20', '--reason', 'a test');
    expect([code, out]).toEqual([0, 'AKIAIOSFODNN7EXAMPLE\n']);
    expect(icecore('reveal', attack, '--entry', 'pstree.img', '--length', '4', '--reason', 'another', '--json').out).toContain('"bytes_hex"');
    const records = lines().map((line) => JSON.parse(line));
    expect(records).toMatchObject([{ place: `pid ${pid} address ${address}`, length: 20, reason: 'a test' }, { place: 'entry pstree.img offset 0', length: 4 }]);
    expect(records[0].archive_sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(records[0].at)).not.toBeNaN();
    expect(records[0].who).not.toBe('');
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('shows nothing where the record cannot be kept', () => {
    if (process.getuid?.() === 0) return expect(existsSync(log)).toBe(true);
    chmodSync(log, 0o400);
    const { code, out } = icecore('reveal', attack, '--entry', 'pstree.img', '--length', '4', '--reason', 'a test');
    expect([code, out]).toEqual([3, '']);
  });
});
