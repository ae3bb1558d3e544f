import { readAll } from '@icecore/bytes';
import fc from 'fast-check';
import { bigint, type CaptureRow, compactLake, compactionsTable, countingOf, defineTable, encodeParquet, isCompacted, json, lakeDays, type LakeStore, memoryLake, nullable, openPart, partOfCapture, partPath, type RowOf, structList, type Table, text, textList, timestamp } from '../index.ts';
import { compactedTable } from './compactions-table.ts';
import { readStoredRows } from './stored-rows.ts';

const files = defineTable({
  name: 'files',
  description: 'One file.',
  version: 1,
  columns: {
    path: text('Path.'),
    size: nullable(bigint('Size.')),
    at: nullable(timestamp('When.')),
    owners: textList('Owners.'),
    attributes: nullable(json('Attributes.')),
    holders: structList({ pid: bigint('Process.'), since: nullable(timestamp('Since when.')) }, 'Who holds it.'),
  },
  sortBy: ['path'],
});
const processes = defineTable({ name: 'processes', description: 'One process.', version: 1, columns: { pid: bigint('Process id.') }, sortBy: ['pid'] });
const tables: readonly Table[] = [files, processes];
type FileRow = RowOf<typeof files>;

const start = Date.parse('2026-03-05T03:17:00Z');
const day = 24 * 3600 * 1000;

function captureRow(captureId: string): CaptureRow {
  return { capture_id: captureId, captured_at: new Date(start), cluster: 'east', node: null, namespace: 'shop', pod: null, container: 'web', container_id: null, image: null, archive_sha256: null };
}

function fileRow(captureId: string, path: string, size = 1n): FileRow {
  return { ...captureRow(captureId), path, size, at: new Date(start), owners: ['pid 1 fd 2'], attributes: { b: 1, a: [true] }, holders: [{ pid: 7n, since: null }] };
}

function pathOf(table: string, captureId: string, date = '2026-03-04', tenant = 'default'): string {
  return partPath({ table, tenant, date, captureId, part: 0 });
}

async function addCapture(store: LakeStore, captureId: string, paths: readonly string[], date?: string): Promise<void> {
  await store.writePart(pathOf('files', captureId, date), encodeParquet(files, paths.map((path) => fileRow(captureId, path))));
  await store.writePart(pathOf('processes', captureId, date), encodeParquet(processes, [{ ...captureRow(captureId), pid: 1n }]));
}

/** The rows that count, as a reader of the views sees them: by the rule of `countingRows`, over what there is at this moment. */
async function counting(store: LakeStore, table: Table): Promise<string[]> {
  const rows: string[] = [];
  for (const each of await lakeDays(store)) {
    const of = countingOf(each);
    for (const part of each.parts.filter(({ table: name }) => name === table.name)) {
      const columns = Object.keys(compactedTable(table).columns);
      for (const row of await readStoredRows(compactedTable(table), await readAll(await store.open(part.path)), part.path)) {
        const [captureId, compaction] = [String(row[columns.indexOf('capture_id')]), row[columns.indexOf('compaction')]];
        if ((compaction ?? undefined) === of(table.name, captureId)) rows.push(JSON.stringify(row.slice(0, -1), (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)));
      }
    }
  }
  return rows.sort();
}

async function paths(store: LakeStore, prefix = 'v1/'): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of store.list(prefix)) found.push(path);
  return found;
}

const run = (store: LakeStore, more: Partial<Parameters<typeof compactLake>[0]> = {}): ReturnType<typeof compactLake> => compactLake({ store, tables, clock: () => new Date(start), graceSeconds: 0, ...more });

describe('a lake that was compacted', () => {
  it('has one part for each table and day, sorted over all captures, and the same rows', async () => {
    const store = memoryLake();
    await addCapture(store, 'c1', ['/b', '/d']);
    await addCapture(store, 'c2', ['/a', '/c', '/d']);
    await addCapture(store, 'c3', ['/e'], '2026-03-03');
    const before = await counting(store, files);
    const report = await run(store);
    expect(report).toMatchObject({ written: 1, inputParts: 4, outputParts: 2, switched: 1, removedParts: 4, waiting: 0, left: [], done: true });
    expect(await counting(store, files)).toEqual(before);
    const [compacted] = (await lakeDays(store)).flatMap(({ parts }) => parts.filter((part) => part.table === 'files' && isCompacted(part)));
    const rows = await readStoredRows(files, await readAll(await store.open(compacted!.path)), compacted!.path);
    const at = (name: string): number => Object.keys(files.columns).indexOf(name);
    expect(rows.map((row) => [row[at('path')], row[at('capture_id')]])).toEqual([['/a', 'c2'], ['/b', 'c1'], ['/c', 'c2'], ['/d', 'c1'], ['/d', 'c2']]);
    expect((await paths(store)).map((path) => path.replace(/compacted-000001-[0-9a-f]{32}/, 'compacted'))).toEqual([
      'v1/compactions/tenant=default/dt=2026-03-04/compacted-00000.parquet',
      'v1/files/tenant=default/dt=2026-03-03/c3-00000.parquet',
      'v1/files/tenant=default/dt=2026-03-04/compacted-00000.parquet',
      'v1/processes/tenant=default/dt=2026-03-03/c3-00000.parquet',
      'v1/processes/tenant=default/dt=2026-03-04/compacted-00000.parquet',
    ]);
  });

  it('gives back the part of each capture as it was, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.tuple(fc.constantFrom('/a', '/b', '/é', '/\u{1F600}'), fc.bigInt({ min: 0n, max: 9n })), { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 6 }), async (captures) => {
        const store = memoryLake();
        const parts = captures.map((rows, at) => ({ id: `c${at}`, bytes: encodeParquet(files, rows.map(([path, size]) => fileRow(`c${at}`, path, size))) }));
        for (const { id, bytes } of parts) await store.writePart(pathOf('files', id), bytes);
        await run(store);
        const [path = ''] = await paths(store, 'v1/files/');
        const compacted = { path, bytes: await readAll(await store.open(path)) };
        for (const { id, bytes } of parts) {
          expect(await partOfCapture(files, compacted, id)).toEqual(bytes);
          expect(await readAll(await openPart(store, tables, pathOf('files', id)))).toEqual(bytes);
        }
        await expect(openPart(store, tables, pathOf('files', 'other'))).rejects.toMatchObject({ code: 'missing' });
        expect(await partOfCapture(files, compacted, 'other')).toBeUndefined();
      }),
      { numRuns: 12 },
    );
  });

  it('is the same, file by file, whatever order its parts came in and whoever compacts it', async () => {
    const written = async (ids: readonly string[]): Promise<Map<string, string>> => {
      const store = memoryLake();
      for (const id of ids) await addCapture(store, id, [`/${id}`, '/shared']);
      await run(store);
      const found = new Map<string, string>();
      for (const path of await paths(store)) found.set(path, Buffer.from(await readAll(await store.open(path))).toString('hex'));
      return found;
    };
    expect(await written(['c3', 'c1', 'c2'])).toEqual(await written(['c1', 'c2', 'c3']));
  });

  it('is left as it is when it is compacted again', async () => {
    const store = memoryLake();
    for (const id of ['c1', 'c2']) await addCapture(store, id, ['/x']);
    await run(store);
    const after = await paths(store);
    expect(await run(store)).toMatchObject({ written: 0, switched: 0, removedParts: 0 });
    expect(await paths(store)).toEqual(after);
  });

  it('takes up what comes later, and joins compactions when a day has many', async () => {
    const store = memoryLake();
    let count = 0;
    for (let round = 0; round < 9; round++) {
      for (let each = 0; each < 2; each++) await addCapture(store, `c${count++}`, ['/x', `/${count}`]);
      const before = await counting(store, files);
      await run(store);
      expect(await counting(store, files)).toEqual(before);
    }
    const [{ switches, parts } = { switches: [], parts: [] }] = await lakeDays(store);
    expect(switches.length).toBeLessThanOrEqual(6);
    expect(parts.filter(({ table }) => table === 'files').length).toBe(switches.length);
    expect(parts.every(isCompacted)).toBe(true);
  });

  it('shows what was analysed anew once it is compacted again, and until then what was there before', async () => {
    const store = memoryLake();
    for (const id of ['c1', 'c2']) await addCapture(store, id, ['/old']);
    await run(store);
    const before = await counting(store, files);
    await addCapture(store, 'c1', ['/new', '/newer']);
    expect(await counting(store, files)).toEqual(before);
    await run(store, { limits: { minCaptures: 1 } });
    const after = await counting(store, files);
    expect(after.map((row) => /"\/(\w+)"/.exec(row)?.[1])).toEqual(['new', 'newer', 'old']);
    // The same again is no news.
    await addCapture(store, 'c1', ['/new', '/newer']);
    expect(await run(store, { limits: { minCaptures: 1 } })).toMatchObject({ written: 0, removedParts: 2 });
    expect(await counting(store, files)).toEqual(after);
  });

  it('keeps what a run may not touch: damaged parts, parts of a later icecore, tables that it does not know', async () => {
    const store = memoryLake();
    for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) await addCapture(store, id, [`/${id}`]);
    const later = defineTable({ name: 'files', description: 'One file.', sortBy: ['path'], version: 2, columns: { ...files.ownColumns, more: nullable(text('More.')) } });
    await store.writePart(pathOf('files', 'c3'), encodeParquet(later, [{ ...fileRow('c3', '/c3'), more: 'x' }]));
    await store.writePart(pathOf('files', 'c4'), new TextEncoder().encode('PAR1 no parquet PAR1'));
    const whole = await readAll(await store.open(pathOf('files', 'c5')));
    const torn = whole.slice();
    torn.fill(0xff, 4, 200);
    await store.writePart(pathOf('files', 'c5'), torn);
    await store.writePart(pathOf('unknown', 'c1'), new Uint8Array([1]));
    const report = await run(store);
    expect(report.left.map(({ path }) => path).sort()).toEqual([pathOf('files', 'c3'), pathOf('files', 'c4'), pathOf('files', 'c5')]);
    expect(await paths(store)).toEqual(expect.arrayContaining([...report.left.map(({ path }) => path), pathOf('unknown', 'c1')]));
    expect(report).toMatchObject({ written: 1, inputParts: 7 });
  });

  it('reads parts that lie within a larger piece of memory', async () => {
    const store = memoryLake();
    for (const id of ['c1', 'c2']) await addCapture(store, id, [`/${id}`]);
    const before = await counting(store, files);
    const inPool: LakeStore = { ...store, async open(path) { const bytes = Buffer.concat([Buffer.alloc(7), await readAll(await store.open(path))]).subarray(7); return { size: bytes.length, read: async (from, to) => bytes.subarray(from, to) }; } };
    expect(await run(inPool)).toMatchObject({ written: 1, left: [] });
    expect(await counting(store, files)).toEqual(before);
  });

  it('lets captures of one tenant and day alone where they are too few', async () => {
    const store = memoryLake();
    await addCapture(store, 'c1', ['/x']);
    expect(await run(store)).toMatchObject({ written: 0 });
  });

  it('keeps to its limits: no more captures at once than it may', async () => {
    const store = memoryLake();
    for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) await addCapture(store, id, ['/x', `/${id}`]);
    const before = await counting(store, files);
    expect(await run(store, { limits: { maxCaptures: 2 } })).toMatchObject({ written: 3, switched: 3 });
    expect(await counting(store, files)).toEqual(before);
  });
});

describe('a compaction that readers do not notice', () => {
  it('waits for them: parts are there a while before they count, and those that they were made from stay a while', async () => {
    const store = memoryLake();
    for (const id of ['c1', 'c2']) await addCapture(store, id, ['/x']);
    const before = await counting(store, files);
    const night = (number: number): ReturnType<typeof compactLake> => run(store, { graceSeconds: 12 * 3600, clock: () => new Date(start + number * day) });
    expect(await night(0)).toMatchObject({ written: 1, switched: 0, removedParts: 0, waiting: 1 });
    expect((await paths(store, 'v1/compactions/')).length).toBe(0);
    expect(await counting(store, files)).toEqual(before);
    expect(await run(store, { graceSeconds: 12 * 3600 })).toMatchObject({ written: 0, switched: 0, waiting: 1 });
    expect(await night(1)).toMatchObject({ written: 0, switched: 1, removedParts: 0 });
    expect(await paths(store)).toEqual(expect.arrayContaining([pathOf('files', 'c1'), pathOf('files', 'c2')]));
    expect(await counting(store, files)).toEqual(before);
    expect(await night(2)).toMatchObject({ written: 0, switched: 0, removedParts: 4 });
    expect(await counting(store, files)).toEqual(before);
    expect((await paths(store, 'v1/_compactions/')).length).toBe(0);
  });
});

/** A store that counts what is done to it, and fails at a step. */
function failing(store: LakeStore, failAt: number): LakeStore {
  let steps = 0;
  const step = (): void => {
    steps += 1;
    if (steps > failAt) throw new Error('killed');
  };
  return {
    ...store,
    async writePart(path, bytes) {
      step();
      await store.writePart(path, bytes);
    },
    async removePart(path, sha256) {
      step();
      return store.removePart(path, sha256);
    },
  };
}

describe('a compaction that is killed', () => {
  it('leaves each row once at every step, and the next run ends what it began', async () => {
    for (let failAt = 0; ; failAt++) {
      const store = memoryLake();
      for (const id of ['c1', 'c2', 'c3']) await addCapture(store, id, ['/x', `/${id}`]);
      const before = [await counting(store, files), await counting(store, processes)];
      const killed = await run(failing(store, failAt)).then(() => false, () => true);
      expect([await counting(store, files), await counting(store, processes)]).toEqual(before);
      await run(store);
      await run(store);
      expect([await counting(store, files), await counting(store, processes)]).toEqual(before);
      expect((await paths(store)).filter((path) => !path.includes('compacted-'))).toEqual([]);
      expect([failAt, (await paths(store)).length, await paths(store)]).toEqual([failAt, 3, expect.anything()]);
      if (!killed) break;
    }
  });

  it('leaves each row once where something new came before the next run', async () => {
    for (let failAt = 0; failAt < 14; failAt++) {
      const store = memoryLake();
      for (const id of ['c1', 'c2']) await addCapture(store, id, ['/x', `/${id}`]);
      await run(failing(store, failAt)).catch(() => undefined);
      await addCapture(store, 'c3', ['/late']);
      const before = await counting(store, files);
      expect(before).toHaveLength(5);
      for (let night = 0; night < 4; night++) {
        await run(store, { clock: () => new Date(start + night * day) });
        expect(await counting(store, files)).toEqual(before);
      }
      const listed = await paths(store);
      expect(listed.filter((path) => path.startsWith('v1/_compactions/'))).toEqual([]);
    }
  });
});

/** Runs several things one step of their stores at a time, in an order that is given. */
function interleaved(store: LakeStore, order: () => number): { lane(): LakeStore; go(runs: readonly Promise<unknown>[]): Promise<void> } {
  const waiting: (() => void)[] = [];
  const turn = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
  return {
    lane: () => ({
      async writePart(path, bytes) {
        await turn();
        await store.writePart(path, bytes);
      },
      async removePart(path, sha256) {
        await turn();
        return store.removePart(path, sha256);
      },
      async *list(prefix) {
        await turn();
        yield* store.list(prefix);
      },
      async open(path) {
        await turn();
        return store.open(path);
      },
    }),
    async go(runs) {
      let open = true;
      void Promise.allSettled(runs).then(() => (open = false));
      while (open) {
        await new Promise((resolve) => setImmediate(resolve));
        waiting.splice(order() % Math.max(1, waiting.length), 1)[0]?.();
      }
    },
  };
}

describe('two compactions at once', () => {
  it('leave each row once at every step, in whatever order their steps fall', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(999)), async (numbers) => {
        const store = memoryLake();
        for (const id of ['c1', 'c2', 'c3']) await addCapture(store, id, ['/x', `/${id}`]);
        const before = await counting(store, files);
        const seen: string[][] = [];
        let late: string[] | undefined;
        let step = 0;
        const { lane, go } = interleaved(store, () => numbers.next().value ?? 0);
        const watched = (inner: LakeStore): LakeStore => ({ ...inner, async writePart(path, bytes) { await inner.writePart(path, bytes); if (step++ === 3) { await addCapture(store, 'c4', ['/late']); late = await counting(store, files); } seen.push(await counting(store, files)); }, async removePart(path, sha256) { const removed = await inner.removePart(path, sha256); seen.push(await counting(store, files)); return removed; } });
        const runs = [run(watched(lane())), run(watched(lane()))];
        await go(runs);
        for (const rows of seen) expect([before, late]).toContainEqual(rows);
        for (let night = 0; night < 3; night++) await run(store, { clock: () => new Date(start + night * day) });
        expect(await counting(store, files)).toEqual(late ?? before);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

describe('the table of compactions', () => {
  it('tells for each capture which tables lie in compacted parts', async () => {
    const store = memoryLake();
    for (const id of ['c1', 'c2']) await addCapture(store, id, ['/x']);
    await run(store);
    const [path = ''] = await paths(store, 'v1/compactions/');
    const rows = await readStoredRows(compactionsTable, await readAll(await store.open(path)), path);
    expect(rows.map((row) => [row[1], row[3], row[4]])).toEqual([['c1', ',files,processes,', BigInt(start)], ['c2', ',files,processes,', BigInt(start)]]);
  });
});
