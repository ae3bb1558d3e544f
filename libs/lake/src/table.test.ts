import {
  address,
  addressValues,
  bigint,
  boolean,
  captureColumns,
  type Columns,
  defineTable,
  integer,
  json,
  LakeError,
  nullable,
  nullableAddress,
  nullableAddressValues,
  type RowOf,
  structList,
  text,
  textList,
  timestamp,
} from './index.ts';

const sound = { name: 'things', description: 'One row for each thing.', version: 1, columns: { pid: integer('Process id.') }, sortBy: ['pid'] } as const;

describe('a table', () => {
  it('begins with the version of its schema and with where the row comes from', () => {
    const table = defineTable(sound);
    expect(Object.keys(table.columns)).toEqual(['schema_version', ...Object.keys(captureColumns), 'pid']);
    expect(Object.keys(captureColumns)[0]).toBe('capture_id');
  });

  it('gives its rows a type', () => {
    const table = defineTable({
      ...sound,
      columns: {
        pid: integer('Process id.'),
        name: nullable(text('Name.')),
        arguments: textList('Arguments.'),
        files: structList({ path: text('Path.'), size: nullable(bigint('Size.')) }, 'Files.'),
        live: boolean('Alive.'),
        details: json('Details.'),
        seen_at: nullable(timestamp('Seen.')),
        ...address('start', 'Start.'),
        ...nullableAddress('stack', 'Stack.'),
      },
    });
    const row: Omit<RowOf<typeof table>, keyof typeof captureColumns> = {
      pid: 1,
      name: null,
      arguments: ['a'],
      files: [{ path: '/', size: null }],
      live: true,
      details: { a: [1n, null] },
      seen_at: new Date(0),
      ...addressValues('start', 1n),
      ...nullableAddressValues('stack', null),
    };
    // @ts-expect-error a required column takes no null
    const refused: Pick<RowOf<typeof table>, 'pid'> = { pid: null };
    expect(Object.keys({ ...row, ...refused })).toEqual(Object.keys(table.ownColumns));
  });

  it.each<[string, Partial<{ name: string; description: string; version: number; columns: Columns; sortBy: 'pid'[] }>, string]>([
    ['an upper-case table name', { name: 'Things' }, 'table Things: not a name in snake_case'],
    ['a table name that begins with a digit', { name: '1things' }, 'table 1things: not a name in snake_case'],
    ['an upper-case column name', { columns: { pid: text('Pid.'), openFiles: text('Files.') } }, 'things. openFiles: not a name in snake_case'],
    ['a double underscore', { columns: { pid: text('Pid.'), a__b: text('Files.') } }, 'things. a__b: not a name in snake_case'],
    ['an upper-case field', { columns: { pid: structList({ Path: text('Path.') }, 'Files.') } }, 'things.pid. Path: not a name in snake_case'],
    ['a struct without fields', { columns: { pid: structList({}, 'Files.') } }, 'things.pid: has no columns'],
    ['a column that all tables have', { columns: { pid: text('Pid.'), pod: text('Pod.') } }, 'things.pod: every table has this column already'],
    ['the name of a partition', { columns: { pid: text('Pid.'), dt: text('Date.') } }, 'things.dt: the name belongs to the partition'],
    ['an unknown sort column', { columns: { other: text('Other.') } }, 'things: sorted by pid, which is no column of it'],
    ['version zero', { version: 0 }, 'things: version 0 is not 1 or more'],
    ['a missing description', { columns: { pid: text('') } }, 'things.pid: the description must be one line of 3 to 250 characters without backslash'],
    ['a description of two lines', { description: 'One\ntwo' }, 'things: the description must be one line of 3 to 250 characters without backslash'],
  ])('refuses %s', (_, change, message) => {
    expect(() => defineTable<Columns>({ ...sound, ...change, sortBy: ['pid'] })).toThrow(new LakeError('invalid_table', message));
  });
});
