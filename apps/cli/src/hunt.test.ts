import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Hunt, renderHunt, shippedHunts } from '@icecore/hunts';
import type { QueryEngine } from '@icecore/lake';
import { duckdbEngine } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { icecore } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-hunt-'));
const lake = join(folder, 'lake');
const values: Readonly<Record<string, string>> = {
  value: 'xmrig',
  address: '10.88.0.1',
  network: '10.88.0.0/16',
  domain: 'example.com',
  path: '/tmp',
  name: '0',
  hmac: '0',
  since: '2026-01-01',
  technique: 'T1059',
};
const valuesOf = ({ parameters }: Hunt): Record<string, string> => Object.fromEntries(parameters.filter((parameter) => parameter.default === undefined).map(({ name }) => [name, values[name] ?? '']));

let engine: QueryEngine;
let empty: QueryEngine;
beforeAll(async () => {
  const analysed = icecore('analyze', 'samples', '--lake', lake);
  expect([0, 4]).toContain(analysed.code);
  engine = await duckdbEngine({ lakeRoot: lake, tables: allTables });
  empty = await duckdbEngine({ lakeRoot: join(folder, 'none'), tables: allTables });
}, 120_000);
afterAll(async () => {
  await engine.close();
  await empty.close();
  rmSync(folder, { recursive: true });
});

describe.each(shippedHunts().map((hunt) => [hunt.name, hunt] as const))('hunt %s', (_, hunt) => {
  const { sql, parameters } = renderHunt(hunt, valuesOf(hunt));

  it('runs on DuckDB, and gives the same rows twice', async () => {
    const first = await engine.query(sql, parameters);
    expect(await engine.query(sql, parameters)).toEqual(first);
    expect(new Set(first.columns.map(({ name }) => name)).size).toBe(first.columns.length);
  });

  it('has no rows in a lake without captures', async () => {
    expect((await empty.query(sql, parameters)).rows).toEqual([]);
  });
});

function rows(...words: readonly string[]): readonly Record<string, unknown>[] {
  const { out, err, code } = icecore('hunt', ...words, '--lake', lake, '--json');
  if (code !== 0 && code !== 1) throw new Error(err);
  return out.split(/\n(?=\{)/).filter(Boolean).map((line): Record<string, unknown> => JSON.parse(line));
}

describe('the attack sample', () => {
  it('has the reverse shell with its peer', () => {
    expect(rows('reverse-shells')).toEqual([expect.objectContaining({ pid: 23, comm: 'sh', remote_address: '10.88.0.1', remote_port: 4444, standard_descriptors: 3 })]);
  });

  it('has both programs whose file is gone', () => {
    expect(rows('deleted-executables').map(({ pid, executable }) => [pid, executable])).toEqual([[21, expect.stringContaining('memfd:x')], [22, '/tmp/.xmrig']]);
  });

  it('has code in memory alone', () => {
    expect(rows('fileless-code')).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'program in memory', pid: 21 }), expect.objectContaining({ kind: 'code without a file', pid: 1 })]));
  });

  it('has what was added to come back, and the setuid file', () => {
    expect(rows('persistence').map(({ kind }) => kind)).toEqual(expect.arrayContaining(['cron', 'ssh', 'account']));
    expect(rows('setuid-files')).toHaveLength(1);
    expect(rows('preload').length).toBeGreaterThan(0);
  });

  it('has an incident, and its worst finding counts for its cluster', () => {
    expect(rows('incidents').length).toBeGreaterThan(0);
    expect(Number(rows('clusters')[0]?.['worst_severity_id'])).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['10.88.0.1', 'connection'],
    ['10.88.0.0/24', 'connection'],
    ['/tmp/.xmrig', 'program'],
    ['/tmp', 'program'],
    ['xmrig', 'process'],
  ])('is found by what is pasted: %s', (pasted, place) => {
    expect(rows('--ioc', pasted)).toEqual(expect.arrayContaining([expect.objectContaining({ found_in: place })]));
  });

  it('is not found by addresses that only begin alike, or by other networks', () => {
    expect(rows('--ioc', '10.88.0.10').filter(({ found_in }) => found_in === 'connection')).toEqual([]);
    expect(rows('--ioc', '192.0.2.0/24').filter(({ found_in }) => found_in === 'connection')).toEqual([]);
  });

  it('is found by the hash of a file it holds', () => {
    const [dropped] = rows('deleted-executables').filter(({ sha256 }) => sha256 !== null);
    expect(rows('--ioc', String(dropped?.['sha256']))).toEqual(expect.arrayContaining([expect.objectContaining({ capture_id: dropped?.['capture_id'] })]));
  });
});

describe('icecore hunt', () => {
  it('lists every hunt with its question', () => {
    const { out, code } = icecore('hunt');
    expect(code).toBe(0);
    for (const { name } of shippedHunts()) expect(out).toContain(name);
  });

  it('says by its exit code that there is nothing', () => {
    expect(icecore('hunt', '--ioc', 'nowhere.invalid', '--lake', lake).code).toBe(1);
    expect(icecore('hunt', 'reverse-shells', '--lake', lake).code).toBe(0);
  });

  it('writes CSV', () => {
    expect(icecore('hunt', 'reverse-shells', '--lake', lake, '--csv').out).toMatch(/^captured_at,capture_id,.*\n.*10\.88\.0\.1,4444,3\n$/);
  });

  it('asks hunts of a folder of one’s own, which come first', () => {
    writeFileSync(join(folder, 'mine.sql'), '-- title: Mine\n-- question: How many?\n-- technique: none\n-- parameter: name text: comm\nSELECT count(*) AS n FROM processes WHERE comm = :name\n');
    writeFileSync(join(folder, 'drift.sql'), "-- title: Own\n-- question: Which?\n-- technique: none\nSELECT 'own' AS drift\n");
    expect(rows('mine', '--hunts', folder, '--param', 'name=.xmrig')).toEqual([{ n: 1 }]);
    expect(rows('drift', '--hunts', folder)).toEqual([{ drift: 'own' }]);
  });

  it.each([
    [['nothing-such'], /there is no hunt nothing-such/],
    [['pivot-hash'], /needs value/],
    [['drift', '--param', 'x=1'], /has no parameter x/],
    [['drift', '--param', 'x'], /NAME=VALUE/],
    [['drift', '--ioc', 'x'], /not both/],
    [['new-since', '--param', 'since=yesterday'], /must be a date/],
  ])('refuses %p', (words, message) => {
    const { code, err } = icecore('hunt', ...words, '--lake', lake);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('never runs a value as SQL', () => {
    expect(icecore('hunt', '--ioc', "x' OR '1'='1", '--lake', lake).code).toBe(1);
  });
});
