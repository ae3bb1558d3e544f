import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attack, icecore, loop } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-findings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('findings', () => {
  it('tell the story of the attack first, then each finding with its evidence and the way to its bytes', () => {
    const { code, out } = icecore('findings', attack);
    expect(code).toBe(0);
    expect(out).toMatch(/CRITICAL {2}.*shell on a network connection.* in 5 processes/);
    expect(out).toMatch(/critical +S17 +sh \(23\) has its standard input, output and error on 10\.88\.0\.1:4444/);
    expect(out).toMatch(/critical +S4 +python3 \(1\) has a program image .* at 0x7f8988dff000 in rwxp memory/);
    expect(out).toMatch(/high +S41 +\/etc\/cron\.d\/\.update-sys/);
    expect(out).toMatch(/harmless where: /);
    expect(out).toMatch(/missing-process: needs the list of processes that the node saw/);
  });

  it('name commands that show the bytes', () => {
    const { out } = icecore('findings', '--brief', attack);
    const words = /icecore (memory \S+ \d+ --at [0-9a-f]+ --length \d+)/.exec(out)?.[1]?.split(' ') ?? [];
    expect(icecore(...words)).toMatchObject({ code: 0, out: expect.stringContaining('|.ELF') });
  });

  it('as JSON are those of the screen', () => {
    const { findings, incidents } = JSON.parse(icecore('findings', '--json', attack).out);
    expect(incidents).toHaveLength(2);
    expect(findings.filter(({ severity }: { severity: string }) => severity === 'critical').map(({ detector }: { detector: string }) => detector)).toEqual(['memfd-execution', 'injected-elf', 'reverse-shell']);
  });

  it('of a harmless container are none that is grave', () => {
    const { out } = icecore('findings', loop);
    expect(out).not.toMatch(/critical|high {2}/);
  });

  it('look for the user’s indicators and rules, and refuse those that are wrong', () => {
    const lake = join(folder, 'lake');
    const rules = file('lab.yar', 'rule Lab { strings: $a = "minexmr" condition: $a }');
    const indicators = file('iocs.txt', 'pool.minexmr.example.invalid\n');
    expect(icecore('analyze', '--lake', lake, '--secret-key', join(folder, 'key'), '--yara', rules, '--indicators', indicators, attack).code).toBe(0);
    const { out } = icecore('query', '--lake', lake, '--csv', "SELECT DISTINCT kind, name FROM memory_matches WHERE kind IN ('yara', 'watch') ORDER BY kind");
    expect(out).toBe('kind,name\nwatch,pool.minexmr.example.invalid\nyara,Lab\n');
    expect(icecore('findings', '--indicators', file('bad.txt', 'x\n'), attack)).toMatchObject({ code: 2, err: expect.stringContaining('line 1') });
    expect(icecore('findings', '--yara', file('bad.yar', 'rule X {'), attack)).toMatchObject({ code: 3, err: expect.stringContaining('bad.yar') });
  });
});
