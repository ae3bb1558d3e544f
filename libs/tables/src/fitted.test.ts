import type { Gap } from '@icecore/bytes';
import { bigint, defineTable, encodeParquet, json, maxTextLength, nullable, text, textList, timestamp } from '@icecore/lake';
import { fitted } from './fitted.ts';

const table = defineTable({
  name: 'samples',
  description: 'Values that may not fit.',
  version: 1,
  columns: {
    pid: bigint('Process.'),
    size: nullable(bigint('Size.')),
    at: nullable(timestamp('When.')),
    name: text('Name.'),
    note: nullable(text('Note.')),
    words: textList('Words.'),
    labels: nullable(json('Labels.')),
  },
  sortBy: ['pid'],
});
const capture = {
  capture_id: 'c', captured_at: null, cluster: null, node: null, namespace: null, pod: null, container: null, container_id: null, image: null, archive_sha256: null,
};
const row = { pid: 7n, size: 1n, at: new Date(0), name: 'n', note: 'x', words: ['a'], labels: { a: 'b' } };
const long = 'x'.repeat(maxTextLength + 1);

describe('fitted', () => {
  it('leaves a row that fits as it is', () => {
    const gaps: Gap[] = [];
    expect(fitted(table, row, gaps)).toBe(row);
    expect(gaps).toEqual([]);
  });

  it.each([
    ['a number above 2^63 - 1', { size: 2n ** 63n }, { size: null }],
    ['a number below -2^63', { size: -(2n ** 63n) - 1n }, { size: null }],
    ['a moment that is none', { at: new Date(NaN) }, { at: null }],
    ['a moment after the year 9999', { at: new Date(8.64e15) }, { at: null }],
    ['endless text', { note: long }, { note: null }],
    ['endless text that must be there', { name: long }, { name: long.slice(1) }],
    ['endless text in a list', { words: ['a', long] }, { words: [] }],
    ['endless text in JSON', { labels: { a: { b: long } } }, { labels: null }],
    ['JSON that escapes make endless', { labels: { a: '\u0000'.repeat(maxTextLength / 4) } }, { labels: null }],
  ])('takes out %s and tells', (_, change, expected) => {
    const gaps: Gap[] = [];
    const result = fitted(table, { ...row, ...change }, gaps);
    expect(result).toEqual({ ...row, ...expected });
    const [name] = Object.keys(change);
    expect(gaps).toMatchObject([{ code: 'limit', subject: `${name} of samples 7` }]);
    expect(() => encodeParquet(table, [{ ...capture, ...row, ...expected }])).not.toThrow();
  });
});
