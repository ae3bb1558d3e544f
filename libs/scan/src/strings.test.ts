import { DamageError } from '@icecore/bytes';
import fc from 'fast-check';
import { blockBytes, type PrintablePiece, type PrintableRun, printableRuns, type Stretch } from './index.ts';

function stretchOf(bytes: Buffer, damagedFrom = Number.POSITIVE_INFINITY): Stretch {
  return {
    length: bytes.length,
    pageBytes: 4096,
    subject: 'test',
    placeOf: (offset) => ({ kind: 'file', origin: 'log', path: '/log', entry: 'log', offset, pids: [] }),
    async read(target, offset) {
      if (offset <= damagedFrom && damagedFrom < offset + target.length) throw new DamageError('truncated', 'ends early');
      target.set(bytes.subarray(offset, offset + target.length));
    },
  };
}

async function runsOf(bytes: Buffer, known: readonly string[] = []): Promise<readonly PrintableRun[]> {
  const runs: PrintableRun[] = [];
  for await (const piece of printableRuns([stretchOf(bytes)], { known })) runs.push(...piece.runs);
  return runs;
}

/** As `strings -a -n 6` reads it: six printable characters and more, tabs among them. */
function expectedRuns(bytes: Buffer): { at: number; text: string }[] {
  return [...bytes.toString('latin1').matchAll(/[\t\x20-\x7e]{6,}/g)].map((match) => ({ at: match.index, text: match[0] }));
}

describe('printable runs', () => {
  it('are those that an expression finds, wherever blocks end', async () => {
    const pieces = fc.array(fc.oneof(fc.string({ minLength: 1, maxLength: 40 }).map((text) => Buffer.from(text, 'latin1')), fc.integer({ min: 1, max: 9 }).map((length) => Buffer.alloc(length, 1))), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.constantFrom(0, blockBytes - 300, 2 * blockBytes - 300), async (content, before) => {
        const bytes = Buffer.concat([Buffer.alloc(before, 1), ...content]);
        const ascii = (await runsOf(bytes)).filter(({ encoding }) => encoding === 'ascii');
        expect(ascii.map(({ place, text }) => ({ at: place.offset, text }))).toEqual(expectedRuns(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['ascii', 3 * blockBytes + 77, (text: string) => Buffer.from(text, 'latin1')],
    ['utf-16le', blockBytes + 77, (text: string) => Buffer.from(text, 'utf16le')],
  ] as const)('that are longer than a block come in parts that lose and double nothing (%s)', async (encoding, length, encode) => {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(0x21 + ((i * 7 + (i >> 5)) % 90))).join('');
    const bytes = Buffer.concat([Buffer.alloc(1000), encode(text), Buffer.alloc(1000)]);
    const runs = (await runsOf(bytes)).filter((run) => run.encoding === encoding);
    expect(runs.map((run) => run.text).join('') === text).toBe(true);
    expect(runs.length).toBeGreaterThan(1);
    let at = 1000;
    for (const run of runs) {
      expect(run.place.offset).toBe(at);
      at += run.text.length * (encoding === 'ascii' ? 1 : 2);
    }
  });

  it('have asterisks for secrets that their form or their owner’s environment tells, across lines too', async () => {
    const bytes = Buffer.from('\0key AKIAIOSFODNN7EXAMPLE end\0pw=hunter2hunter2 ok\0', 'latin1');
    const texts = (await runsOf(bytes, ['hunter2hunter2'])).map(({ text }) => text);
    expect(texts).toEqual([`key ${'*'.repeat(20)} end`, `pw=${'*'.repeat(14)} ok`]);
    const [wide] = await runsOf(Buffer.from('\0key AKIAIOSFODNN7EXAMPLE end\0', 'utf16le'));
    expect(wide?.text).toBe(`key ${'*'.repeat(20)} end`);
  });

  it('of a block that cannot be read are a gap, and the others come', async () => {
    const bytes = Buffer.concat([Buffer.from('\0first run\0'), Buffer.alloc(3 * blockBytes), Buffer.from('\0last run\0')]);
    const pieces: PrintablePiece[] = [];
    for await (const piece of printableRuns([stretchOf(bytes, blockBytes + 50_000)], { known: [] })) pieces.push(piece);
    expect(pieces.flatMap(({ runs }) => runs.map(({ text }) => text))).toEqual(['first run', 'last run']);
    expect(pieces.filter(({ gap }) => gap !== undefined)).toHaveLength(1);
  });
});
