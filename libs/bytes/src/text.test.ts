import fc from 'fast-check';
import { bytesFromText, decodeText, decodeTextExactly, textFromBytes, untilNul, visible } from './text.ts';

/** Bytes in which whole and broken UTF-8 sequences are frequent. */
const nearlyUtf8 = fc
  .array(fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.string({ unit: 'binary', maxLength: 4 }).map((text) => new TextEncoder().encode(text)), fc.constantFrom(Uint8Array.of(0xf0, 0x9f), Uint8Array.of(0xed, 0xb2, 0x80), Uint8Array.of(0xef, 0xbb, 0xbf))))
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

describe('text for bytes', () => {
  it('comes back as the same bytes, whatever they are', () => {
    fc.assert(
      fc.property(nearlyUtf8, (bytes) => {
        expect([...bytesFromText(textFromBytes(bytes))]).toEqual([...bytes]);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text: unknown = JSON.parse(JSON.stringify(textFromBytes(bytes)));
        expect(typeof text === 'string' && [...bytesFromText(text)]).toEqual([...bytes]);
      }),
    );
  });

  it.each([
    ['UTF-8', 'grün 🦀', Buffer.from('grün 🦀')],
    ['a byte order mark', '\ufeffa', Buffer.from('\ufeffa')],
    ['a lone byte', 'a\udcffb', Buffer.from([0x61, 0xff, 0x62])],
    ['a byte after a character of four', '🦀\udc80', Buffer.concat([Buffer.from('🦀'), Buffer.from([0x80])])],
    ['a cut sequence', '\udcf0\udc9f', Buffer.from([0xf0, 0x9f])],
    ['an overlong sequence', '\udcc0\udcaf', Buffer.from([0xc0, 0xaf])],
    ['a surrogate in UTF-8', '\udced\udcb2\udc80', Buffer.from([0xed, 0xb2, 0x80])],
    ['nothing', '', Buffer.alloc(0)],
  ])('of %s is as PEP 383 has it', (_, text, bytes) => {
    expect(textFromBytes(bytes)).toBe(text);
    expect(Buffer.from(bytesFromText(text))).toEqual(bytes);
  });

  it('is exact or not at all where it must be', () => {
    expect(decodeTextExactly(Uint8Array.of(0x61, 0xff))).toBeUndefined();
    expect(decodeTextExactly(Buffer.from('ü'))).toBe('ü');
    expect(decodeText(Uint8Array.of(0x61, 0xff))).toBe('a\ufffd');
  });
});

describe('bytes until NUL', () => {
  it.each([
    ['a\0b', 'a'],
    ['ab', 'ab'],
    ['\0', ''],
    ['', ''],
  ])('of %j are %j', (text, before) => {
    expect(Buffer.from(untilNul(Buffer.from(text))).toString()).toBe(before);
  });
});

describe('visible text', () => {
  it.each([
    ['plain äöü 漢 🦀', 'plain äöü 漢 🦀'],
    ['\x1b[2Jgone', '\\x1b[2Jgone'],
    ['a\n\t\r', 'a\\n\\t\\r'],
    ['\x9b31m', '\\x9b31m'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['\0\x7f', '\\x00\\x7f'],
    ['\ufeff', '\\u{feff}'],
  ])('of %j is %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('never holds a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
