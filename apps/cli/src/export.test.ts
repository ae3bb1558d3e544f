import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbEngine } from '@icecore/local';
import { icecore } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-export-'));
const lake = join(folder, 'lake');
const texts = ['ocsf', 'timesketch', 'csv', 'stix', 'markdown'];
const exported = (format: string, ...words: readonly string[]): string => {
  const { out, code, err } = icecore('export', '--format', format, '--lake', lake, ...words);
  if (code !== 0) throw new Error(err);
  return out;
};
const parsed = (line: string): Record<string, unknown> => JSON.parse(line);

let outputs: ReadonlyMap<string, string>;
beforeAll(() => {
  expect([0, 4]).toContain(icecore('analyze', 'samples', '--lake', lake).code);
  outputs = new Map(texts.map((format) => [format, exported(format)]));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const output = (format: string): string => outputs.get(format) ?? '';
const findings = (): readonly Record<string, unknown>[] => output('ocsf').trim().split('\n').map(parsed);

describe('icecore export', () => {
  it('tells the reverse shell of the attack sample in every format', () => {
    for (const format of texts) expect([format, output(format).includes('10.88.0.1')]).toEqual([format, true]);
  });

  it('gives no secret of the samples away', () => {
    for (const format of texts) expect([format, /AKIAIOSFODNN7EXAMPLE|BEGIN (?:RSA|OPENSSH|EC) PRIVATE KEY-----\\?n?[A-Za-z0-9+/]{40}/.test(output(format))]).toEqual([format, false]);
  });

  it('orders OCSF findings by time', () => {
    const times = findings().map(({ time }) => Number(time));
    expect(times.length).toBeGreaterThan(20);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('writes Parquet that DuckDB reads, with the values of the JSON', async () => {
    const root = join(folder, 'security-lake');
    expect(icecore('export', '--format', 'ocsf-parquet', '--lake', lake, '-o', root, '--region', 'eu-central-1', '--account', '111122223333').code).toBe(0);
    const [file] = globSync(join(root, 'ext/icecore/region=eu-central-1/accountId=111122223333/eventDay=*/*.parquet'));
    const engine = await duckdbEngine({ lakeRoot: root, tables: [] });
    try {
      const { columns, rows } = await engine.query(`SELECT * FROM '${String(file)}'`);
      const read = rows.map((row) => plain(Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null]))));
      const partitions = new Set(['accountId', 'eventDay', 'region']);
      expect(read.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !partitions.has(name))))).toEqual(findings().map(plain));
    } finally {
      await engine.close();
    }
  });

  it('takes captures by the beginning of their id', () => {
    const [first] = findings();
    const id = String(Object.entries(Object(first?.['unmapped'])).find(([name]) => name === 'capture_id')?.[1]);
    const some = exported('csv', id.slice(0, 8)).trim().split('\n');
    expect(some.length).toBeGreaterThan(1);
    expect(output('csv').startsWith(some[0] ?? 'no header')).toBe(true);
    expect(icecore('export', '--format', 'csv', '--lake', lake, 'ffffffffffff')).toMatchObject({ code: 2, err: expect.stringContaining('no capture ffffffffffff') });
  });

  it('never writes over a file', () => {
    const file = join(folder, 'report.md');
    expect(icecore('export', '--format', 'markdown', '--lake', lake, '-o', file).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(output('markdown'));
    expect(icecore('export', '--format', 'csv', '--lake', lake, '-o', file).code).not.toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(output('markdown'));
  });

  it.each([
    [['--format', 'pdf'], /one of ocsf/],
    [[], /needs --format/],
    [['--format', 'ocsf-parquet'], /--output/],
    [['--format', 'ocsf-parquet', '-o', join(folder, 'none'), '--region', '../x'], /no AWS region/],
  ])('refuses %p', (words, message) => {
    expect(icecore('export', '--lake', lake, ...words)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('says by its exit code that a lake is empty', () => {
    expect(icecore('export', '--format', 'ocsf', '--lake', join(folder, 'empty')).code).toBe(1);
  });
});

const jsonColumns = new Set(['data', 'unmapped']);

/** A value without what is absent, with JSON columns read and whole numbers as numbers. */
function plain(value: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(Object(value)).flatMap(([name, each]) => {
      if (each === null || each === undefined) return [];
      return [[name, jsonColumns.has(name) && typeof each === 'string' ? JSON.parse(each) : plainPart(each)]];
    }),
  );
}

function plainPart(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plainPart);
  return typeof value === 'object' && value !== null ? plain(value) : value;
}
