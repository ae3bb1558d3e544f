import fc from 'fast-check';
import { maxPartCount, parsePartPath, type Part, partitionDate, partPath, tableFolder } from './index.ts';

const part: Part = { table: 'processes', tenant: 'default', date: '2025-03-01', captureId: 'web-7f.1', part: 3 };

describe('the path of a part', () => {
  it('tells table, tenant, date, capture and number', () => {
    expect(partPath(part)).toBe('v1/processes/tenant=default/dt=2025-03-01/web-7f.1-00003.parquet');
  });

  it('gives back what it was made of', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/);
    const date = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(word, word, date, fc.nat(maxPartCount - 1), (tenant, captureId, day, number) => {
        const given: Part = { table: 'open_files', tenant, captureId, date: partitionDate(day), part: number };
        expect(parsePartPath(partPath(given))).toEqual(given);
      }),
    );
  });

  it.each<[string, Partial<Part>]>([
    ['a slash in the tenant', { tenant: 'a/b' }],
    ['a tenant that climbs', { tenant: '..' }],
    ['dots that climb within a name', { captureId: 'a..b' }],
    ['an empty capture id', { captureId: '' }],
    ['a control character', { captureId: 'a\u0000b' }],
    ['a line feed at the end', { captureId: 'ab\n' }],
    ['a capture id of 129 characters', { captureId: 'a'.repeat(129) }],
    ['a name that hides', { captureId: '.hidden' }],
    ['an equals sign', { tenant: 'a=b' }],
    ['a quote', { tenant: "a'b" }],
    ['a date that does not exist', { date: '2025-02-30' }],
    ['an unknown date', { date: 'unknown' }],
    ['a date with a time', { date: '2025-02-03T00:00:00Z' }],
    ['an empty date', { date: '' }],
    ['a negative number', { part: -1 }],
    ['half a number', { part: 0.5 }],
    ['too many parts', { part: maxPartCount }],
    ['a table that climbs', { table: '../x' }],
  ])('is refused for %s', (_, change) => {
    expect(() => partPath({ ...part, ...change })).toThrow(expect.objectContaining({ name: 'LakeError', code: 'invalid_name' }));
  });

  it.each([
    'v2/processes/tenant=default/dt=2025-03-01/a-00003.parquet',
    'v1/processes/tenant=default/dt=2025-03-01/a-3.parquet',
    'v1/processes/tenant=default/dt=2025-02-30/a-00003.parquet',
    'v1/processes/tenant=default/a-00003.parquet',
    'v1/processes/tenant=../dt=2025-03-01/a-00003.parquet',
    'x/v1/processes/tenant=default/dt=2025-03-01/a-00003.parquet',
    '',
  ])('is not seen in %s', (path) => {
    expect(parsePartPath(path)).toBeUndefined();
  });
});

describe('the date of a partition', () => {
  it('is the date in UTC', () => {
    expect(partitionDate(new Date('2025-03-01T23:30:00-05:00'))).toBe('2025-03-02');
  });

  it('is refused where there is none', () => {
    expect(() => partitionDate(new Date(Number.NaN))).toThrow(expect.objectContaining({ code: 'invalid_name' }));
    expect(() => partitionDate(new Date(253_402_300_800_000))).toThrow(expect.objectContaining({ code: 'invalid_name' }));
  });
});

describe('the folder of a table', () => {
  it('holds all its parts', () => {
    expect(partPath(part).startsWith(tableFolder('processes'))).toBe(true);
  });
});
