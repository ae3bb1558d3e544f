import { findSecrets } from './index.ts';
import { generatedSecrets, type Labelled, nearMisses } from './labelled.test-support.ts';

const secrets = generatedSecrets(20261125, 4);
const misses = nearMisses(7);

/** What is found that counts as a secret: examples and what fails its check are told apart by their validity. */
function told(text: string) {
  return findSecrets(text).filter(({ judgement }) => judgement.validity !== 'example' && judgement.validity !== 'invalid');
}

interface Score {
  right: number;
  missed: number;
  wrong: number;
}

function scores(labelled: readonly Labelled[]): Map<string, Score> {
  const byRule = new Map<string, Score>();
  const of = (rule: string): Score => {
    const score = byRule.get(rule) ?? { right: 0, missed: 0, wrong: 0 };
    byRule.set(rule, score);
    return score;
  };
  for (const { text, value, rule } of labelled) {
    const found = told(text);
    if (rule !== undefined) of(rule)[found.some((each) => each.rule.id === rule && each.value === value) ? 'right' : 'missed'] += 1;
    for (const each of found) if (each.rule.id !== rule) of(each.rule.id).wrong += 1;
  }
  return byRule;
}

const percent = (part: number, of: number): string => (of === 0 ? '-' : (part / of).toFixed(3));

describe('the labelled set', () => {
  const byRule = scores([...secrets, ...misses]);
  const total = [...byRule.values()].reduce((sum, each) => ({ right: sum.right + each.right, missed: sum.missed + each.missed, wrong: sum.wrong + each.wrong }));

  it('has at least 200 texts, and near misses among them', () => {
    expect(secrets.length).toBeGreaterThanOrEqual(200);
    expect(misses.length).toBeGreaterThanOrEqual(80);
  });

  it('is told apart with nothing missed and nothing mistaken', () => {
    const row = (name: string, { right, missed, wrong }: Score): string => `${name.padEnd(34)} ${String(right + missed).padStart(5)} ${percent(right, right + missed).padStart(7)} ${percent(right, right + wrong).padStart(10)}`;
    const lines = [...byRule].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, score]) => row(name, score));
    process.stdout.write(`${['secrets of the labelled set            n  recall  precision', ...lines, row(`all, and ${misses.length} near misses`, total)].join('\n')}\n`);
    expect(total).toEqual({ right: secrets.length, missed: 0, wrong: 0 });
  });

  it.each(misses.map(({ what, text }) => [what, text]))('holds no secret in %s', (_, text) => {
    expect(told(text).map(({ rule }) => rule.id)).toEqual([]);
  });

  it('finds each secret whole', () => {
    const missed = secrets.filter(({ text, value, rule }) => !told(text).some((each) => each.rule.id === rule && each.value === value));
    expect(missed.map(({ what, text }) => `${what}: ${told(text).map(({ rule }) => rule.id).join(' ')} in ${text.length} characters`)).toEqual([]);
  });
});
