import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import {
  address,
  addressValues,
  bigint,
  boolean,
  type CaptureRow,
  defineTable,
  double,
  encodeParquet,
  firstMoment,
  integer,
  json,
  lastMoment,
  maxTextLength,
  nullable,
  type RowOf,
  structList,
  text,
  textList,
  timestamp,
  writeParquet,
} from './index.ts';

const samples = defineTable({
  name: 'samples',
  description: 'A value of each kind.',
  version: 7,
  columns: {
    pid: integer('Process id.'),
    name: nullable(text('Name.')),
    big: nullable(bigint('Big.')),
    ratio: nullable(double('Ratio.')),
    live: nullable(boolean('Alive.')),
    seen_at: nullable(timestamp('Seen.')),
    arguments: nullable(textList('Arguments.')),
    files: nullable(structList({ path: text('Path.'), size: nullable(bigint('Size.')), at: nullable(timestamp('When.')) }, 'Files.')),
    details: nullable(json('Details.')),
    ...address('start', 'Start.'),
  },
  sortBy: ['pid', 'name'],
});
type Sample = RowOf<typeof samples>;

const capture: CaptureRow = {
  capture_id: 'capture-1',
  captured_at: new Date('2025-03-01T10:00:00.123Z'),
  cluster: 'east',
  node: null,
  namespace: 'shop',
  pod: 'web-0',
  container: 'web',
  container_id: null,
  image: 'registry.example/web:1',
  archive_sha256: null,
};

const plain: Sample = {
  ...capture,
  pid: 1,
  name: 'init',
  big: 1n,
  ratio: 0.5,
  live: true,
  seen_at: new Date(0),
  arguments: ['/bin/init', ''],
  files: [{ path: '/etc/motd', size: 3n, at: null }],
  details: { b: 1, a: null },
  ...addressValues('start', 0x1000n),
};

async function read(file: Uint8Array): Promise<Record<string, unknown>[]> {
  const buffer = new Uint8Array(file).buffer;
  const rows = await parquetReadObjects({ file: buffer, compressors: { ZSTD: (bytes) => new Uint8Array(zstdDecompressSync(bytes)) } });
  // The reader gives undefined for a list that is NULL.
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? null])));
}

function metadata(file: Uint8Array): ReturnType<typeof parquetMetadata> {
  return parquetMetadata(new Uint8Array(file).buffer);
}

/** What a reader gets for a row: JSON as text, and the table's version. */
function asRead(row: Sample): Record<string, unknown> {
  return { schema_version: 7, ...row, details: row.details === null ? null : JSON.stringify(row.details) };
}

describe('rows in a Parquet file', () => {
  it.each<[string, Partial<Sample>]>([
    ['plain values', {}],
    ['null in each column that allows it', { name: null, big: null, ratio: null, live: null, seen_at: null, arguments: null, files: null, details: null }],
    ['empty text and empty lists', { name: '', arguments: [], files: [], details: [] }],
    ['the smallest numbers', { pid: -(2 ** 31), big: -(2n ** 63n), ratio: -Number.MAX_VALUE, seen_at: new Date(firstMoment) }],
    ['the largest numbers', { pid: 2 ** 31 - 1, big: 2n ** 63n - 1n, ratio: Number.MAX_VALUE, seen_at: new Date(lastMoment) }],
    ['numbers that are none', { ratio: Number.NaN }],
    ['infinity', { ratio: -Infinity }],
    ['text in many scripts', { name: 'naïve Ω 漢字 😀 \u0000 \u202e', arguments: ['', '😀', 'ä'.repeat(70)] }],
    ['structs with fields that are null', { files: [{ path: '', size: null, at: null }, { path: 'x', size: -1n, at: new Date(5) }] }],
    ['an address above the signed range', addressValues('start', 0xffff_ffff_ff60_0000n)],
  ])('come back: %s', async (_, change) => {
    const row = { ...plain, ...change };
    expect(await read(encodeParquet(samples, [row]))).toEqual([asRead({ ...row, details: sorted(row.details) })]);
  });

  it('come back whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRow(), { maxLength: 40 }), async (rows) => {
        const found = await read(encodeParquet(samples, rows));
        expect(found.map(fingerprint).sort()).toEqual(rows.map((row) => fingerprint(asRead(row))).sort());
      }),
      { numRuns: 60 },
    );
  });

  it('are the same bytes in whatever order they were given', () => {
    fc.assert(
      fc.property(fc.array(arbitraryRow(), { minLength: 2, maxLength: 30 }), fc.infiniteStream(fc.nat()), (rows, numbers) => {
        const shuffled = rows.map((row) => ({ row, key: numbers.next().value })).sort((a, b) => a.key - b.key);
        expect(encodeParquet(samples, shuffled.map(({ row }) => row))).toEqual(encodeParquet(samples, rows));
      }),
      { numRuns: 60 },
    );
  });

  it('are sorted as the table says, nulls last', async () => {
    const rows = [[2, null], [2, 'b'], [1, 'z'], [2, 'a']].map(([pid, name]) => ({ ...plain, pid: Number(pid), name: name === null ? null : String(name) }));
    const found = await read(encodeParquet(samples, rows));
    expect(found.map(({ pid, name }) => [pid, name])).toEqual([[1, 'z'], [2, 'a'], [2, 'b'], [2, null]]);
  });

  it('show U+FFFD for half of a character', async () => {
    const [row] = await read(encodeParquet(samples, [{ ...plain, name: 'a\ud800b' }]));
    expect(row?.['name']).toBe('a\ufffdb');
  });

  it('may be none at all', async () => {
    const file = encodeParquet(samples, []);
    expect(await read(file)).toEqual([]);
    expect(metadata(file).schema).toEqual(metadata(encodeParquet(samples, [plain])).schema);
  });

  it.each<[string, Partial<Record<keyof Sample, unknown>>, string]>([
    ['null where none is allowed', { pid: null }, 'samples.pid: is null, and the column allows no null'],
    ['a value that was forgotten', { name: undefined }, 'samples.name: undefined is no value of a text column'],
    ['a fraction', { pid: 1.5 }, 'samples.pid: 1.5 is no value of a integer column'],
    ['an integer of 33 bits', { pid: 2 ** 31 }, 'samples.pid: 2147483648 is no value of a integer column'],
    ['a bigint above 2^63 - 1', { big: 2n ** 63n }, 'samples.big: 9223372036854775808 is no value of a bigint column'],
    ['a bigint below -2^63', { big: -(2n ** 63n) - 1n }, 'samples.big: -9223372036854775809 is no value of a bigint column'],
    ['a number for a bigint', { big: 1 }, 'samples.big: 1 is no value of a bigint column'],
    ['a date that is none', { seen_at: new Date(Number.NaN) }, 'samples.seen_at: date NaN is no value of a timestamp column'],
    ['the year 10000', { seen_at: new Date(lastMoment + 1) }, `samples.seen_at: date ${lastMoment + 1} is no value of a timestamp column`],
    ['a text for a list', { arguments: 'ls' }, 'samples.arguments: text of 2 characters is no value of a text_list column'],
    ['a null in a list', { arguments: ['a', null] }, 'samples.arguments: an object is no value of a text_list column'],
    ['a struct for a list', { files: { path: '' } }, 'samples.files: an object is no list'],
    ['a null struct', { files: [null] }, 'samples.files: null is no struct'],
    ['a field that is wrong', { files: [{ path: 5, size: null, at: null }] }, 'samples.files.path: 5 is no value of a text column'],
    ['a function as JSON', { details: () => 1 }, 'samples.details: a function is no value of a json column'],
  ])('are refused for %s, with the column named', (_, change, message) => {
    const rows: unknown[] = [{ ...plain, ...change }];
    expect(() => encodeParquet(samples, rows.filter(isSample))).toThrow(expect.objectContaining({ name: 'LakeError', code: 'invalid_value', message }));
  });

  it('are refused for a text beyond the limit', () => {
    expect(() => encodeParquet(samples, [{ ...plain, name: 'x'.repeat(maxTextLength + 1) }])).toThrow(
      expect.objectContaining({ code: 'limit', message: `samples.name: text of ${maxTextLength + 1} characters, at most ${maxTextLength}` }),
    );
  });
});

describe('a Parquet file', () => {
  it('names its table, its version and its writer, and no time', () => {
    const { created_by, key_value_metadata } = metadata(encodeParquet(samples, [plain]));
    expect(created_by).toBe('icecore version 1');
    expect(key_value_metadata).toEqual([
      { key: 'icecore.table', value: 'samples' },
      { key: 'icecore.schema_version', value: '7' },
    ]);
  });

  it('is compressed with Zstandard, has statistics and no unsigned type', () => {
    const { row_groups, schema } = metadata(encodeParquet(samples, [plain, { ...plain, pid: 9 }]));
    const columns = row_groups[0]?.columns.map((column) => column.meta_data) ?? [];
    expect(new Set(columns.map((column) => column?.codec))).toEqual(new Set(['ZSTD']));
    expect(columns.find((column) => column?.path_in_schema[0] === 'pid')?.statistics).toMatchObject({ min_value: 1, max_value: 9, null_count: 0n });
    expect(schema.map(({ converted_type }) => converted_type ?? '').filter((type) => type.startsWith('UINT'))).toEqual([]);
    expect(schema.find(({ name }) => name === 'seen_at')?.logical_type).toEqual({ type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' });
  });

  it('is cut into row groups by rows and by bytes', () => {
    const rows = Array.from({ length: 10 }, (_, pid) => ({ ...plain, pid }));
    const groups = (limits: Parameters<typeof encodeParquet>[2]): number[] =>
      metadata(encodeParquet(samples, rows, limits)).row_groups.map((group) => Number(group.num_rows));
    expect(groups({})).toEqual([10]);
    expect(groups({ maxRowGroupRows: 4 })).toEqual([4, 4, 2]);
    expect(groups({ maxRowGroupBytes: 1 })).toEqual(Array.from(rows, () => 1));
  });

  it('keeps its pages within 1 MiB', async () => {
    const rows = Array.from({ length: 3000 }, (_, pid) => ({ ...plain, pid, name: `${pid}`.padStart(1000, '漢') }));
    const file = encodeParquet(samples, rows);
    const name = metadata(file).row_groups[0]?.columns.find((column) => column.meta_data?.path_in_schema[0] === 'name')?.meta_data;
    const uncompressed = Number(name?.total_uncompressed_size);
    const pages = name?.encoding_stats?.reduce((sum, { count }) => sum + count, 0) ?? 0;
    expect(uncompressed).toBeGreaterThan(8_000_000);
    expect(uncompressed / pages).toBeLessThan(2 ** 20);
    expect(await read(file)).toHaveLength(3000);
  });
});

describe('a table larger than memory', () => {
  async function* rowsOf(rows: readonly Sample[]): AsyncGenerator<Sample> {
    yield* rows;
  }
  const rows = Array.from({ length: 50 }, (_, pid) => ({ ...plain, pid }));

  it('is written row group by row group, the same bytes as in one go', async () => {
    const chunks: Uint8Array[] = [];
    const written = await writeParquet(samples, rowsOf(rows), async (chunk) => void chunks.push(chunk), { maxRowGroupRows: 20 });
    const file = new Uint8Array(Buffer.concat(chunks));
    expect(chunks).toHaveLength(3);
    expect(file).toEqual(encodeParquet(samples, rows, { maxRowGroupRows: 20 }));
    expect(written).toEqual({ rows: 50, bytes: file.length });
  });

  it('waits for the sink before it asks for more rows', async () => {
    const events: string[] = [];
    async function* source(): AsyncGenerator<Sample> {
      for (const row of rows.slice(0, 4)) {
        events.push(`row ${row.pid}`);
        yield row;
      }
    }
    const sink = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      events.push('written');
    };
    await writeParquet(samples, source(), sink, { maxRowGroupRows: 2 });
    expect(events).toEqual(['row 0', 'row 1', 'written', 'row 2', 'row 3', 'written', 'written']);
  });

  it('is refused where its rows do not arrive sorted', async () => {
    const unsorted = [{ ...plain, pid: 2 }, { ...plain, pid: 1 }];
    await expect(writeParquet(samples, unsorted, async () => undefined)).rejects.toMatchObject({
      code: 'unsorted',
      message: 'samples: row 1 comes before the row that precedes it',
    });
  });

  it('may come in any order within equal keys', async () => {
    const equal = [{ ...plain, big: 2n }, { ...plain, big: 1n }];
    await expect(writeParquet(samples, equal, async () => undefined)).resolves.toMatchObject({ rows: 2 });
  });

  it('fails when the sink fails', async () => {
    const full = async (): Promise<void> => Promise.reject(new Error('disk full'));
    await expect(writeParquet(samples, rows, full)).rejects.toThrow('disk full');
  });
});

function arbitraryRow(): fc.Arbitrary<Sample> {
  const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
  const words = fc.string({ unit: 'grapheme' });
  const moment = fc.integer({ min: firstMoment, max: lastMoment }).map((milliseconds) => new Date(milliseconds));
  const signed = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  return fc
    .record({
      pid: fc.integer({ min: -3, max: 3 }),
      name: maybe(words),
      big: maybe(signed),
      ratio: maybe(fc.double().map((value) => value + 0)),
      live: maybe(fc.boolean()),
      seen_at: maybe(moment),
      arguments: maybe(fc.array(words, { maxLength: 4 })),
      files: maybe(fc.array(fc.record({ path: words, size: maybe(signed), at: maybe(moment) }), { maxLength: 3 })),
      details: maybe(fc.constantFrom('x', 5, true, { a: 1 })),
      start: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    })
    .map(({ start, ...own }) => ({ ...capture, ...own, ...addressValues('start', start) }));
}

function sorted(value: Sample['details']): Sample['details'] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fingerprint(row: Record<string, unknown>): string {
  return JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : typeof value === 'number' ? String(value) : value));
}

/** Lets a test give what the compiler would refuse. */
function isSample(row: unknown): row is Sample {
  return row !== undefined;
}
