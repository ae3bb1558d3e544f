import fc from 'fast-check';
import { indexTar, memorySpool } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { writeTar } from '../image/write-tar.ts';
import { locateNeedles } from './locate.ts';
import { textNeedles } from './needles.ts';
import { needleSearch } from './needle-search.ts';
import { rewritten } from './rewrite.ts';
import { tarDocument } from './tar-document.ts';

const spool = memorySpool(1 << 28);
const secret = 'Tr0ub4dor&3-x';

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** A text with the secret in one of its forms somewhere in it. */
const content = fc.tuple(fc.string({ maxLength: 700 }), fc.constantFrom('plain', 'wide', 'base64', 'json', 'none'), fc.string({ maxLength: 700 })).map(([before, form, after]) => {
  const secretBytes = { plain: Buffer.from(secret), wide: Buffer.from(secret, 'utf16le'), base64: Buffer.from(Buffer.from(`ab${secret}cd`).toString('base64')), json: Buffer.from(secret.replace('&', '\\u0026')), none: Buffer.alloc(0) }[form];
  return Buffer.concat([Buffer.from(before), secretBytes ?? Buffer.alloc(0), Buffer.from(after)]);
});
const file = fc.record({ path: fc.constantFrom('config.dump', 'checkpoint/pages-1.img', `notes/${secret}.txt`, 'ctr.log'), content });

describe('a tar that is rewritten', () => {
  it('has no form of what was to go, anywhere, and is a tar of the same files', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 5 }), async (files) => {
        const tar = await bytesOf(writeTar(files.map((each, i) => ({ path: `${i}/${each.path}`, source: memorySource(each.content) }))));
        const document = await tarDocument(memorySource(tar), spool);
        const needles = textNeedles(secret, 0);
        const edits = await locateNeedles([document], needles, () => undefined);
        const copy = await bytesOf(rewritten(document, new Map([['', edits.sort((a, b) => a.start - b.start)]]), spool));
        const again = await tarDocument(memorySource(copy), spool);
        expect(await locateNeedles([again], needles, () => undefined)).toEqual([]);
        expect(copy.length).toBe(tar.length);
        const [one, other] = [await indexTar(memorySource(tar)), await indexTar(memorySource(copy))];
        expect(other.gaps).toEqual([]);
        expect(other.entries.map(({ size }) => size)).toEqual(one.entries.map(({ size }) => size));
        expect(other.entries.map(({ path }) => path)).toEqual(one.entries.map(({ path }) => path.replace(secret, '*'.repeat(secret.length))));
      }),
      { numRuns: 150 },
    );
  });
});

describe('a search for many needles', () => {
  it('finds what a search for each alone finds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300, max: 2 }), fc.array(fc.uint8Array({ minLength: 8, maxLength: 12, max: 2 }), { maxLength: 8 }), (bytes, patterns) => {
        const found = new Set<string>();
        needleSearch(patterns.map((each, item) => ({ bytes: each, form: 'bytes', item }))).find(bytes, (needle, offset) => found.add(`${Buffer.from(needle.bytes).toString('hex')}@${offset}`));
        const expected = new Set<string>();
        for (const each of patterns) for (let at = Buffer.from(bytes).indexOf(each); at !== -1; at = Buffer.from(bytes).indexOf(each, at + 1)) expected.add(`${Buffer.from(each).toString('hex')}@${at}`);
        expect([...found].sort()).toEqual([...expected].sort());
      }),
    );
  });
});
