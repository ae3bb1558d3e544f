import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { huntNamed, pivotOf, renderHunt, shippedHunts } from '@icecore/hunts';
import type { QueryEngine } from '@icecore/lake';
import { duckdbEngine } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { makeCaptures } from './make-lake.ts';
import { needleEvery, needles } from './made-capture.ts';
import { randomOf } from './random.ts';

/*
 * A lake in a folder, compacted by the command itself: killed, twice at once, and while it is asked. What an engine answers is
 * compared with what it answered before.
 */
const captures = 60;
const folder = mkdtempSync(join(tmpdir(), 'icecore-compaction-'));
const made = join(folder, 'made');
const engines: QueryEngine[] = [];
const tables = ['captures', 'processes', 'sockets', 'files', 'memory_mappings', 'indicators', 'findings', 'environment'];

let expected: string;

beforeAll(async () => {
  makeCaptures({ root: made, first: 0, step: 1, count: captures });
  expected = await rowsOf(await open(made));
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function open(root: string): Promise<QueryEngine> {
  const engine = await duckdbEngine({ lakeRoot: root, tables: allTables, timeoutSeconds: 120 });
  engines.push(engine);
  return engine;
}

/** Number and sum of the hashes of all rows of the tables: another for a row that is lost, doubled or changed. */
async function rowsOf(engine: QueryEngine, of: readonly string[] = tables): Promise<string> {
  const told: string[] = [];
  for (const table of of) {
    const { rows } = await engine.query(`SELECT count(*), sum(CAST(hash(t) AS HUGEINT)) FROM ${table} AS t`);
    told.push(`${table} ${rows[0]?.map(String).join(' ') ?? ''}`);
  }
  return told.join('\n');
}

function copyOf(name: string): string {
  const root = join(folder, name);
  cpSync(made, root, { recursive: true });
  return root;
}

function compact(root: string): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, '../../../../apps/cli/bin/icecore.cjs'), 'lake', 'compact', '--lake', root], { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'] } });
}

function ended(child: ChildProcess): Promise<string> {
  let told = '';
  child.stderr?.on('data', (chunk: Buffer) => (told += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? (code === 0 ? 'done' : `${code}: ${told}`))));
}

const files = (root: string): string[] => globSync('v1/**/*.parquet', { cwd: root });

describe('icecore lake compact', () => {
  it('leaves the same rows in fewer files, and the pivot finds what it found', async () => {
    const root = copyOf('plain');
    const pivot = `SELECT capture_id, value FROM indicators WHERE value = '${needles.address}' ORDER BY capture_id`;
    const before = (await (await open(root)).query(pivot)).rows;
    expect(before).toHaveLength(Math.ceil(captures / needleEvery));
    expect(await ended(compact(root))).toBe('done');
    const engine = await open(root);
    expect(await rowsOf(engine)).toBe(expected);
    expect((await engine.query(pivot)).rows).toEqual(before);
    // Days with a single capture stay as they are.
    expect(files(root).length).toBeLessThan(files(made).length / 1.5);
  });

  it('leaves the answer to each indicator as it was, row for row, also with captures that come later', async () => {
    const root = join(folder, 'later');
    makeCaptures({ root, first: 0, step: 1, count: captures / 2 });
    expect(await ended(compact(root))).toBe('done');
    const before = await open(made);
    const after = await open(root);
    makeCaptures({ root, first: captures / 2, step: 1, count: captures });
    const found: number[] = [];
    for (const pasted of [needles.address, needles.sha256, needles.domain, needles.path, '203.0.113.0/24', '10.0.0.0/16', 'needle', 'nginx', '/usr/lib', 're:(?i)NODE_ENV=.*7$']) {
      const { hunt, values } = pivotOf(pasted);
      const { sql, parameters } = renderHunt(huntNamed(shippedHunts(), hunt), values);
      const { rows } = await before.query(sql, parameters);
      expect([pasted, (await after.query(sql, parameters)).rows]).toEqual([pasted, rows]);
      found.push(rows.length);
    }
    expect(Math.min(...found)).toBeGreaterThan(0);
    expect(Math.max(...found)).toBeGreaterThan(captures);
  });

  it('killed at any moment, loses and doubles nothing, and the next run ends it', async () => {
    const root = copyOf('killed');
    const random = randomOf(5);
    let killed = 0;
    for (let round = 0; round < 10; round++) {
      const child = compact(root);
      const end = ended(child);
      setTimeout(() => child.kill('SIGKILL'), 300 + random.next() * 2500);
      if ((await end) === 'SIGKILL') killed += 1;
      const engine = await open(root);
      expect(await rowsOf(engine)).toBe(expected);
      await engine.close();
    }
    expect(killed).toBeGreaterThan(0);
    expect(await ended(compact(root))).toBe('done');
    expect(await ended(compact(root))).toBe('done');
    expect(await rowsOf(await open(root))).toBe(expected);
    // What was begun and never written may stay for a day; what is written counts once.
    expect(files(root).filter((path) => !path.includes('compacted-')).length).toBeLessThan(files(made).length / 2);
  });

  it('twice at once, and asked meanwhile, gives every asker every row once', async () => {
    const root = copyOf('twice');
    const engine = await open(root);
    let running = true;
    const runs = Promise.all([ended(compact(root)), ended(compact(root))]).finally(() => (running = false));
    let asked = 0;
    while (running) {
      expect(await rowsOf(engine)).toBe(expected);
      asked += 1;
    }
    expect(await runs).toEqual(['done', 'done']);
    expect(asked).toBeGreaterThan(0);
    expect(await rowsOf(engine)).toBe(expected);
    expect(await rowsOf(await open(root))).toBe(expected);
  });
});
