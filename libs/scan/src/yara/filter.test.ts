import { eventKind, textKernel } from '../kernel/text-kernel.ts';
import { type RuleFilter, ruleFilter } from './filter.ts';

/** Names of the rules that may match in bytes. */
function candidates(source: string, bytes: Buffer): string[] {
  const filter = ruleFilter([source]);
  if (filter === undefined) throw new Error('nothing is to be gained');
  return candidatesOf(filter, bytes);
}

function candidatesOf(filter: RuleFilter, bytes: Buffer): string[] {
  const kernel = textKernel(bytes.length, ['://'], ['com'], filter.literals);
  bytes.copy(kernel.buffer);
  const present = new Set<number>();
  const meet = (literal: number): void => void present.add(filter.owners[literal] ?? -1);
  kernel.scan(bytes.length, (kind, _wide, _offset, _length, id) => {
    if (kind === eventKind.literal) meet(id);
  });
  kernel.literals.find(bytes.length, meet);
  return filter.candidates([...present], bytes).map((rule) => filter.rules[rule]?.name ?? '');
}

const within = (content: string | Buffer): Buffer => Buffer.concat([Buffer.alloc(40, 0x90), Buffer.from(content), Buffer.alloc(40, 0x41)]);
const hex = (digits: string): Buffer => Buffer.from(digits.replace(/\s/g, ''), 'hex');

describe('where a YARA rule may match', () => {
  it.each<[string, string, Buffer[], Buffer[]]>([
    ['a text', '$a = "evil-marker"', [within('evil-marker'), Buffer.from('evil-marker')], [within('evil-markes'), within('EVIL-MARKER')]],
    ['a text without case', '$a = "Evil-Marker" nocase', [within('eVIL-mARKER')], [within('evil_marker')]],
    ['a wide text', '$a = "marker" wide', [within(Buffer.from('marker', 'utf16le'))], [within('marker')]],
    ['a text with escapes', '$a = "a\\"\\\\\\x01\\tb"', [within('a"\\\u0001\tb')], [within('a"\\\u0001 b')]],
    ['a text of three characters', '$a = "q7Z"', [within('q7Z'), Buffer.from('zzq7Z')], [within('q7z')]],
    ['hex with any bytes', '$a = { 9c e8 ?? ?? ?? ?? 48 8b 4? c3 }', [within(hex('9ce8 01020304 488b47c3'))], [within(hex('9ce8 01020304 488b57c3')), within(hex('9ce8 010203 488b47c3'))]],
    ['hex with a jump', '$a = { 31 c9 b1 [2-4] d9 74 24 f4 }', [within(hex('31c9b1 0000 d97424f4')), within(hex('31c9b1 00000000 d97424f4'))], [within(hex('31c9b1 00 d97424f4')), within(hex('31c9b1 0000000000 d97424f4'))]],
    ['hex with alternatives', '$a = { 6a ( 29 58 | 2a 5? 99 ) 0f 05 }', [within(hex('6a29580f05')), within(hex('6a2a5b990f05'))], [within(hex('6a2a6b990f05'))]],
    ['an expression', '$a = /curl\\s+[^\\n|]{3,9}\\|\\s*(ba)?sh/', [within('curl  x/y.z|sh'), within('curl 1234 | bash')], [within('curl x'), within('curl 0123456789abcdef | sh')]],
    ['an expression of alternatives', '$a = /(one-way|two-way) [0-9]{2,}x/i', [within('ONE-way 12x'), within('two-WAY 123x')], [within('six-way 12x'), within('two-way ABx')]],
  ])('is told by %s', (_what, string, matching, others) => {
    const rule = `rule R { strings: ${string} condition: $a }`;
    for (const bytes of matching) expect(candidates(rule, bytes)).toEqual(['R']);
    for (const bytes of others) expect(candidates(rule, bytes)).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ['all of them', 'first-one second', []],
    ['2 of them', 'first-one second', ['R']],
    ['any of ($a*)', 'first-one', ['R']],
    ['all of ($a*)', 'first-one second', []],
    ['$b and ($a1 or $a2)', 'first-one second', ['R']],
    ['#a1 > 3', 'second', []],
    ['#a1 > 3', 'first-one', ['R']],
    ['$a1 at 0 and filesize < 10', 'second', []],
    ['$a1 and not $b', 'first-one second', ['R']],
    ['uint32(0) == 0x464c457f and $b', 'second', []],
    ['uint16be(0) == 0x7365 and $b', 'second', ['R']],
    // What is not understood may hold anywhere.
    ['uint8(0) == 0x6e and #a1 < 3', 'nothing', ['R']],
    ['uint8(0) == 0x6e and for any of them : ( # > 2 )', 'nothing', ['R']],
    ['uint8(0) == 0x6e and none of them', 'nothing', ['R']],
  ])('follows from the condition %s', (condition, text, expected) => {
    const rules = `rule R { strings: $a1 = "first-one" $a2 = "third" $b = "second" condition: ${condition} } rule Other { strings: $o = "other-rule" condition: $o }`;
    expect(candidates(rules, Buffer.from(text))).toEqual(expected);
  });

  it('is told of a rule that names another, and of none that is private', () => {
    const rules = 'private rule Base { strings: $a = "base-text" condition: $a } rule Top { strings: $b = "top-text" condition: Base and $b }';
    expect(candidates(rules, Buffer.from('base-text'))).toEqual([]);
    expect(candidates(rules, Buffer.from('base-text top-text'))).toEqual(['Top']);
  });

  it('gives no text alone of a rule that may hold without its strings', () => {
    const rules = 'rule A { strings: $a = "aaaa" condition: $a or uint8(0) == 1 } rule B { strings: $b = "bbbb" condition: $b }';
    expect(ruleFilter([rules])?.rules.map(({ alone }) => alone?.trim().slice(0, 6))).toEqual([undefined, 'rule B']);
  });

  it('gives the text of a rule with those that it names, and none where a global rule decides', () => {
    const rules = 'import "math"\nrule A { strings: $a = "aaaa" condition: $a and math.entropy(0, 9) > 7 }\nrule B { strings: $b = "bbbb" condition: A and $b }\nrule C { strings: $c = "cccc" condition: $c }';
    expect(ruleFilter([rules])?.rules.map(({ alone }) => alone?.match(/rule \w/g)?.join(' '))).toEqual(['rule A', 'rule A rule B', 'rule C']);
    expect(ruleFilter([`${rules} global rule G { strings: $g = "gggg" condition: $g }`])?.rules.map(({ alone }) => alone)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each(['rule R { condition: true }', 'rule R { strings: $a = "something" condition: #a < 3 } rule Q { strings: $b = "another" condition: $b }', 'rule R { strings: $a = "xy" condition: $a }', 'rule R { strings: $a = "something" xor condition: $a }', 'include "other.yar"', 'rule R {'])('is not told where nothing is to be gained: %s', (source) => {
    expect(ruleFilter([source])).toBeUndefined();
  });

  it('takes hostile bytes that look like the beginning of a match again and again', () => {
    const rule = 'rule R { strings: $a = /begin[a-z]*x[a-z]*y[a-z]*z[a-z]*1/ condition: $a }';
    const start = performance.now();
    expect(candidates(rule, Buffer.from('beginxyz'.repeat(20_000)))).toEqual(['R']);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
