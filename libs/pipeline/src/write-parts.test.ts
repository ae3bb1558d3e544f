import { defineTable, memoryLake, parsePartPath, text } from '@icecore/lake';
import { filingDate, partWriter } from './write-parts.ts';

const sealedAt = '2026-03-10T09:30:00.000Z';
const taken = (moment: string | undefined) => ({ checkpointedAt: moment === undefined ? undefined : new Date(moment) });

describe('the day that a capture is filed under', () => {
  it.each([
    ['the day it was made', '2026-03-07T23:59:59Z', sealedAt, '2026-03-07'],
    ['the day it was made, though it was sealed years later', '2019-01-01T00:00:00Z', sealedAt, '2019-01-01'],
    ['the day it was made, on a node whose clock is ahead by hours', '2026-03-11T05:00:00Z', sealedAt, '2026-03-11'],
    ['the day of sealing where the archive does not tell', undefined, sealedAt, '2026-03-10'],
    ['the day of sealing where the archive tells a day that had not come', '2090-01-01T00:00:00Z', sealedAt, '2026-03-10'],
    ['the day it was made where it was never sealed', '2026-03-07T00:00:00Z', null, '2026-03-07'],
    ['the first day of time where nothing tells one', undefined, null, '1970-01-01'],
  ])('is %s', (_, moment, sealed, date) => {
    expect(filingDate(taken(moment), sealed)).toBe(date);
  });

  it('is that of its parts, while its rows say no more than the archive', async () => {
    const table = defineTable({ name: 'notes', description: 'A note.', version: 1, columns: { note: text('The note.') }, sortBy: ['note'] });
    const unknown = { captured_at: null, cluster: null, node: null, namespace: null, pod: null, container: null, container_id: null, image: null, archive_sha256: null };
    const writer = partWriter(memoryLake(), { container: taken(undefined) }, { tenant: 'shop', verify: { captureId: 'capture-1', sealedAt } });
    await writer.sorted(table, [{ ...unknown, capture_id: 'capture-1', note: 'no date' }]);
    expect(writer.parts.map(({ path }) => parsePartPath(path))).toEqual([{ table: 'notes', tenant: 'shop', date: '2026-03-10', captureId: 'capture-1', part: 0 }]);
  });
});
