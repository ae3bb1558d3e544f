import { type Gap, memorySource } from '@icecore/bytes';
import { maxLogBytes, readLogLines } from './log-lines.ts';

const gaps: Gap[] = [];
const read = (text: string) => readLogLines(memorySource(Buffer.from(text)), gaps);

describe('lines of a container’s log', () => {
  it('are read in the form of the CRI, with the zone that they are in', async () => {
    expect(await read('2026-11-23T08:02:55.221334455+01:00 stdout F READY\n2026-11-23T07:02:56Z stderr P part\n')).toEqual([
      { at: '2026-11-23T07:02:55.221Z', stream: 'stdout', line: 'READY' },
      { at: '2026-11-23T07:02:56.000Z', stream: 'stderr', line: 'part' },
    ]);
  });

  it.each(['', 'no time at all', '2026-99-99T07:02:56Z stdout F x', '2026-11-23T07:02:56Z other F x'])('are left out where they are none: %j', async (text) => expect(await read(text)).toEqual([]));

  it('are those of the end of a long one, and a gap tells of the rest', async () => {
    const lines = await read(`2026-11-23T07:02:55Z stdout F ${'x'.repeat(maxLogBytes)}\n2026-11-23T07:02:56Z stdout F last\n`);
    expect(lines.map(({ line }) => line)).toEqual(['last']);
    expect(gaps).toMatchObject([{ code: 'limit', reason: expect.stringContaining('bytes are not in the timeline') }]);
  });
});
