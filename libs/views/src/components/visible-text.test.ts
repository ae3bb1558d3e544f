import fc from 'fast-check';
import { visiblePieces, visibleString } from './visible-text.ts';

const shown = (text: string): string => visiblePieces(text).map((piece) => piece.text).join('');

describe('text of the evidence as it is shown', () => {
  it.each([
    ['plain text stays', 'sh -c "ls /tmp"', 'sh -c "ls /tmp"'],
    ['letters of other scripts stay', 'ключ 鍵 مفتاح', 'ключ 鍵 مفتاح'],
    ['an override of direction is named', 'a\u202egnp.exe', 'a⟨U+202E⟩gnp.exe'],
    ['isolates are named', '\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
    ['controls are named', 'a\u0000b\u001b[31m\r\n\t', 'a⟨NUL⟩b⟨ESC⟩[31m⟨CR⟩⟨LF⟩⟨TAB⟩'],
    ['a space without width is named', 'a\u200bb', 'a⟨U+200B⟩b'],
    ['a space that does not break is named', 'a\u00a0b', 'a⟨U+00A0⟩b'],
    ['fillers that look like nothing are named', '\u3164\u2800', '⟨U+3164⟩⟨U+2800⟩'],
    ['tags are named', '\u{e0041}', '⟨U+E0041⟩'],
    ['bytes that are not UTF-8 are named', 'a\udc80\udcff', 'a⟨byte 80⟩⟨byte ff⟩'],
    ['a lone surrogate is named', '\ud800', '⟨U+D800⟩'],
    ['spaces at the ends are seen', ' /tmp/..  ', '␣/tmp/..␣␣'],
    ['many spaces are counted', `a${' '.repeat(900)}b`, `a${'␣'.repeat(16)}⟨900 spaces⟩b`],
    ['marks upon marks are counted', `a${'\u0301'.repeat(50)}`, `a${'\u0301'.repeat(4)}⟨46 marks⟩`],
  ])('%s', (_name, text, expected) => expect(shown(text)).toBe(expected));

  it('keeps its lines where it stands on lines, and names all else', () => {
    const text = '  if x:\n\tsay\u202e  \r\n';
    expect(visiblePieces(text, { lines: true }).map((piece) => piece.text).join('')).toBe('  if x:\n\tsay⟨U+202E⟩  ⟨CR⟩\n');
  });

  it('has nothing unseen in it, whatever it was made of', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => expect(shown(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)));
  });

  it('does not reach beyond itself as a string', () => {
    expect(visibleString('abc')).toBe('abc');
    expect(visibleString('שלום')).toBe('\u2068שלום\u2069');
  });
});
