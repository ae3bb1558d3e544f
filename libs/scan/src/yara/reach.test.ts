import { ruleFilter } from './filter.ts';
import { windowOf } from './reach.ts';

const reachesOf = (strings: string, condition: string) => ruleFilter([`rule R { strings: ${strings} condition: ${condition} }`])?.rules[0]?.reaches;

describe('the part of bytes that a rule is applied to', () => {
  it.each([
    ['one string', '$a = "stratum+tcp"', '$a'],
    ['any of some', '$a = "stratum+tcp" $b = "xmrig-proxy"', '1 of ($a, $b*)'],
    ['some that are there and one that is not', '$a = "stratum+tcp" $b = "xmrig-proxy"', '$a and not $b'],
    ['an expression of limited length', '$a = /stratum\\+tcp:\\/\\/[a-z]{1,40}/', 'any of them'],
  ])('is known for %s', (_what, strings, condition) => {
    expect(reachesOf(strings, condition)).toBeDefined();
  });

  it.each([
    ['a count', '$a = "stratum+tcp"', '$a and #a > 2'],
    ['a place', '$a = "stratum+tcp"', '$a at 0'],
    ['the size of all bytes', '$a = "stratum+tcp"', '$a and filesize < 1MB'],
    ['other bytes', '$a = "stratum+tcp"', '$a and uint16(0) == 0x5a4d'],
    ['an expression without an end', '$a = /stratum\\+tcp.*pool/', '$a'],
    ['an expression that begins where the bytes do', '$a = /^stratum\\+tcp/', '$a'],
    ['a string whose bytes are not known', '$a = "stratum+tcp" $b = "xmrig-proxy" xor', 'any of them and $a'],
  ])('is all of them for %s', (_what, strings, condition) => {
    expect(reachesOf(strings, condition)).toBeUndefined();
  });

  it('holds every place of its literals, with what a match may have around them', () => {
    const reaches = [{ literal: 0, before: 10, behind: 20 }, { literal: 1, before: 0, behind: 5 }];
    const window = (spans: readonly ((readonly [number, number]) | undefined)[]) => windowOf(reaches, 10_000, (literal) => spans[literal]);
    expect(window([[500, 900], undefined])).toEqual({ start: 474, end: 936 });
    expect(window([[500, 900], [100, 2000]])).toEqual({ start: 84, end: 2021 });
    expect(window([[5, 9990], undefined])).toEqual({ start: 0, end: 10_000 });
    expect(window([undefined, undefined])).toEqual({ start: 0, end: 10_000 });
  });
});
