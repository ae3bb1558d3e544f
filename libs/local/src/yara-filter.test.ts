import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockScanner, type ScanHit, type Stretch } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import fc from 'fast-check';
import { yaraEngine } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-yara-filter-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = secretKey(new Uint8Array(32));
let count = 0;

/** A string of a rule, and bytes that match it or nearly do. */
interface SomeString {
  readonly written: string;
  readonly bytes: Buffer;
}

const letters = fc.array(fc.constantFrom(...'abcAB01 /-.x_'), { minLength: 3, maxLength: 9 }).map((characters) => characters.join(''));
const someText: fc.Arbitrary<SomeString> = fc.record({ letters, modifiers: fc.subarray(['nocase', 'wide', 'ascii', 'fullword']), upper: fc.boolean() }).map(({ letters: text, modifiers, upper }) => {
  const plain = Buffer.from(upper ? text.toUpperCase() : text);
  return { written: `"${text}" ${modifiers.join(' ')}`, bytes: modifiers.includes('wide') && upper ? Buffer.from(text, 'utf16le') : plain };
});

interface Piece {
  readonly written: string;
  readonly bytes: readonly number[];
}

const byte = fc.constantFrom(0x00, 0x41, 0x61, 0x48, 0x8b, 0xff, 0x90, 0xe8);
const two = (value: number): string => value.toString(16).padStart(2, '0');
const hexPiece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 6, arbitrary: byte.map((value) => ({ written: two(value), bytes: [value] })) },
  byte.map((value) => ({ written: '??', bytes: [value] })),
  byte.map((value) => ({ written: `${two(value).charAt(0)}?`, bytes: [value ^ 1] })),
  byte.map((value) => ({ written: `?${two(value).charAt(1)}`, bytes: [value ^ 0x10] })),
  fc.integer({ min: 0, max: 5 }).map((size) => ({ written: `[${size}-${size + 2}]`, bytes: Array.from({ length: size + 1 }, () => 7) })),
  fc.tuple(byte, byte, byte, fc.boolean()).map(([a, b, c, which]) => ({ written: `( ${two(a)} ${two(b)} | ${two(c)} )`, bytes: which ? [a, b] : [c] })),
);
const someHex: fc.Arbitrary<SomeString> = fc.tuple(byte, fc.array(hexPiece, { minLength: 2, maxLength: 9 }), byte).map(([first, pieces, last]) => ({
  written: `{ ${[two(first), ...pieces.map(({ written }) => written), two(last)].join(' ')} }`,
  bytes: Buffer.from([first, ...pieces.flatMap(({ bytes }) => bytes), last]),
}));

const textPiece = (written: string, text: string): Piece => ({ written, bytes: [...Buffer.from(text)] });
const expressionPiece: fc.Arbitrary<Piece> = fc.constantFrom(
  textPiece('abc', 'abc'),
  textPiece('x1', 'x1'),
  textPiece('-', '-'),
  textPiece('[a-c]', 'b'),
  textPiece('[^a]', 'A'),
  textPiece('.', '\u0001'),
  textPiece('\\d+', '01'),
  textPiece('\\s*', ' '),
  textPiece('(ab|0_)', '0_'),
  textPiece('(x/|ba){1,2}'.replace('/', '\\/'), 'bax/'),
  textPiece('(cd)?', ''),
  textPiece('B{3}', 'BBB'),
  textPiece('[0-9A-B]{2,4}', '1A0'),
  textPiece('.{0,6}', 'zzz'),
  textPiece('\\x41\\.', 'A.'),
  textPiece('\\w*?', 'ab'),
  textPiece('\\b', ''),
  textPiece('\\B', ''),
  textPiece('$', ''),
);
const someExpression: fc.Arbitrary<SomeString> = fc.record({ pieces: fc.array(expressionPiece, { minLength: 2, maxLength: 6 }), flags: fc.constantFrom('', 'i', 's'), modifiers: fc.subarray(['nocase', 'wide', 'ascii']), upper: fc.boolean(), start: fc.constantFrom('', '', '^', '\\b') }).map(({ pieces, flags, modifiers, upper, start }) => {
  const text = Buffer.from(pieces.flatMap(({ bytes }) => bytes)).toString('latin1');
  const shown = upper ? text.toUpperCase() : text;
  return { written: `/${start}a${pieces.map(({ written }) => written).join('')}/${flags} ${modifiers.join(' ')}`, bytes: Buffer.from(`a${shown}`, modifiers.includes('wide') ? 'utf16le' : 'latin1') };
});

const someStrings = fc.array(fc.oneof(someText, someHex, someExpression), { minLength: 3, maxLength: 3 });
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('$a', '$b', '$c', 'any of them', 'all of them', '2 of them', '#a > 1', '#b == 0', '$a at 0', '$b in (0..40)', 'any of ($a, $c)', 'uint16(0) == 0x4141', 'filesize < 300', '#a + #b > 2', 'for any of them : ( # > 1 )', 'none of ($b)'),
    fc.tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition')).map(([one, word, other]) => `(${one} ${word} ${other})`),
    tie('condition').map((inner) => `not ${inner}`),
  ),
}));
/** What asks for strings alone: such a rule is applied to a part of the bytes. */
const localCondition = fc.constantFrom('$a', '$a or $b', '$b and $c', 'any of them', 'all of them', '2 of ($a, $b, $c)', '$a and not $b', 'not ($a or $c)', 'none of ($b)');
const someRule = fc.tuple(someStrings, fc.oneof(condition, localCondition));
const filling = fc.tuple(byte, fc.integer({ min: 0, max: 40 })).map(([value, size]) => Buffer.alloc(size, value));

function stretchOf(bytes: Buffer): Stretch {
  return {
    length: bytes.length,
    pageBytes: 4096,
    subject: 'test',
    placeOf: (offset) => ({ kind: 'memory', owners: [{ pid: 7, address: BigInt(offset) }], region: 'heap', permissions: 'rw-p', image: 'pages-1.img', offset }),
    read: async (target, offset) => void target.set(bytes.subarray(offset, offset + target.length)),
  };
}

const yaraHits = (hits: readonly ScanHit[]): string => hits.map((hit) => (hit.kind === 'yara' ? `${hit.rule}${hit.string ?? ''}@${hit.place.offset}+${hit.byteLength}` : '')).join(' ');

describe('YARA rules behind a filter', () => {
  it('match where they match without one, whatever they look for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someRule, { minLength: 1, maxLength: 3 }), fc.infiniteStream(filling), async (rules, fillings) => {
        const path = join(folder, `${count++}.yar`);
        writeFileSync(path, rules.map(([[a, b, c], wanted], i) => `rule R${i} { strings: $a = ${a?.written} $b = ${b?.written} $c = ${c?.written} condition: (${wanted}) and any of them }`).join('\n'));
        let filtered;
        try {
          filtered = yaraEngine([path]);
        } catch {
          // Some of what is made up is refused, such as an expression that matches nothing at all.
          return fc.pre(false);
        }
        fc.pre(filtered.filter !== undefined);
        const [behind, before] = [blockScanner({ key, yara: filtered }), blockScanner({ key, yara: { scan: (bytes) => filtered.scan(bytes) } })];
        const strings = rules.flatMap(([some]) => some);
        for (let step = 1; step < 6; step++) {
          const placed = [...strings, ...strings.slice(step)];
          const bytes = Buffer.concat(placed.flatMap((string, i) => (i % step === 0 ? [fillings.next().value ?? Buffer.alloc(1), string.bytes] : [])));
          const block = { stretch: stretchOf(bytes), start: 0, end: bytes.length };
          expect(yaraHits((await behind.scan(block)).hits)).toBe(yaraHits((await before.scan(block)).hits));
        }
      }),
      { numRuns: 60, maxSkipsPerRun: 1000 },
    );
  }, 300_000);
});
