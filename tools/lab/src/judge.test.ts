import type { Finding } from '@icecore/findings';
import { judge, passes, scores } from './judge.ts';
import { scenario } from './scenario.ts';

const truth = {
  notes: ['address 0x7f0000001480'],
  processes: [
    { ns_pid: 1, comm: 'bash', cmdline: ['bash', '/srv/lab/x.sh'], exe_sha256: 'aa' },
    { ns_pid: 7, comm: 'sh', cmdline: ['sh', '-i'], exe_sha256: 'bb' },
  ],
};

const shell = scenario({
  id: '99-shell',
  about: 'A shell.',
  container: { command: ['true'] },
  expected: [{ signal: 'S17', command: /^sh -i/, label: /loopback/ }],
  also: ['S21'],
});

const program = scenario({ ...shell, id: '97-program', expected: [{ signal: 'S1', command: /^sh/, recovered: true }] });
const hook = scenario({ ...shell, id: '96-hook', expected: [{ signal: 'S7', noted: true }] });
const persistence = scenario({ ...shell, id: '98-cron', expected: [{ signal: 'S41', path: '/etc/cron.d/x' }] });

function finding(signal: string, more: Partial<Pick<Finding, 'pid' | 'summary' | 'severity' | 'category' | 'evidence' | 'facts'>> = {}): Finding {
  return {
    id: signal,
    detector: signal,
    detectorVersion: 1,
    signal,
    title: signal,
    techniques: [],
    severity: 'high',
    confidence: 'high',
    falsePositives: '',
    category: 'attack',
    facts: {},
    summary: 'a shell (loopback)',
    evidence: [{ what: 'open file' }],
    ...more,
  };
}

describe('a scenario passes', () => {
  test.each([
    ['when the finding is about the process that the truth names', shell, [finding('S17', { pid: 7 })]],
    ['when only the evidence names the process', shell, [finding('S17', { evidence: [{ what: 'open file', pid: 7 }] })]],
    ['when something else that is true is found as well', shell, [finding('S17', { pid: 7 }), finding('S21')]],
    ['when what is mistaken is of medium severity', shell, [finding('S17', { pid: 7 }), finding('S99', { severity: 'medium' })]],
    ['when what nobody asked for is an exposure', shell, [finding('S17', { pid: 7 }), finding('S51', { category: 'exposure' })]],
    ['when the program that was recovered is the one that ran', program, [finding('S1', { pid: 7, facts: { sha256: 'bb' } })]],
    ['when the evidence holds the address that was noted', hook, [finding('S7', { evidence: [{ what: 'changed code', address: 0x7f0000001000n, length: 4096 }] })]],
    ['when the evidence names the path', persistence, [finding('S41', { evidence: [{ what: 'changed file', path: '/etc/cron.d/x' }] })]],
  ])('%s', (_, definition, findings) => {
    expect(passes(judge(definition, truth, findings))).toBe(true);
  });
});

describe('a scenario fails', () => {
  test.each([
    ['when nothing is found', shell, []],
    ['when the finding is about another process', shell, [finding('S17', { pid: 1 })]],
    ['when the finding lacks its label', shell, [finding('S17', { pid: 7, summary: 'a shell' })]],
    ['when the evidence names another path', persistence, [finding('S41', { evidence: [{ what: 'changed file', path: '/etc/cron.d/y' }] })]],
    ['when the program that was recovered is another', program, [finding('S1', { pid: 7, facts: { sha256: 'aa' } })]],
    ['when the program was not recovered', program, [finding('S1', { pid: 7 })]],
    ['when the evidence is beside the address', hook, [finding('S7', { evidence: [{ what: 'changed code', address: 0x7f0000002000n, length: 4096 }] })]],
    ['when something of high severity is mistaken', shell, [finding('S17', { pid: 7 }), finding('S99')]],
  ])('%s', (_, definition, findings) => {
    expect(passes(judge(definition, truth, findings))).toBe(false);
  });
});

test('what is right, mistaken and missed is counted for each signal', () => {
  const judgements = [judge(shell, truth, [finding('S17', { pid: 7 }), finding('S41')]), judge(persistence, truth, [])];
  expect(scores(judgements)).toEqual([
    { signal: 'S17', right: 1, mistaken: 0, missed: 0 },
    { signal: 'S41', right: 0, mistaken: 1, missed: 1 },
  ]);
});
