import { readFileSync } from 'node:fs';
import { allDetectors, signalsDocument } from './index.ts';

describe('docs/signals.md', () => {
  it('is what the detectors say; generate-docs.mjs writes it anew', () => {
    expect(readFileSync(new URL('../../../docs/signals.md', import.meta.url), 'utf8')).toBe(signalsDocument(allDetectors));
  });

  it('speaks of every detector, and every signal has one', () => {
    const document = signalsDocument(allDetectors);
    for (const { id } of allDetectors) expect(document).toContain(`(\`${id}\`)`);
    const signals = new Set(allDetectors.map(({ signal }) => signal));
    expect(Array.from({ length: 73 }, (_, i) => `S${i + 1}`).filter((signal) => !signals.has(signal))).toEqual([]);
  });
});
