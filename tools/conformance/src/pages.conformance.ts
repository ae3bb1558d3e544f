import { createHash } from 'node:crypto';
import { eachProcess } from './against-truth.test-support.ts';
import { corpusNote } from './corpus.ts';

/** Of all samples that the archives hold. The small programs of the samples write to more of their few pages. */
const leastEqual = corpusNote === 'whole corpus' ? 0.98 : 0.97;
const totals = { equal: 0, written: 0, inFile: 0 };

eachProcess('pages', 'sampled pages', async (process, truth, facts) => {
  const { memory } = process;
  if (memory === undefined) return;
  for (const { vaddr, sha256, perms, path, file_page } of truth.page_samples ?? []) {
    const subject = `process ${process.pid} page ${vaddr} ${perms} ${path}`;
    const { bytes, parts } = await memory.read(BigInt(`0x${vaddr}`), 4096);
    const states = [...new Set(parts.map(({ state }) => state))];
    if (states[0] === 'in_file' && states.length === 1) {
      totals.inFile += 1;
      facts.check(subject, 'is a page of a file', true, file_page || path.startsWith('/'));
      continue;
    }
    facts.check(subject, 'is known', [], states.filter((state) => state !== 'stored' && state !== 'zero'));
    if (createHash('sha256').update(bytes).digest('hex') === sha256) totals.equal += 1;
    else {
      totals.written += 1;
      // Only what can be written to can have changed between the sample and the freeze.
      facts.check(subject, 'content', 'writable', perms.includes('w') ? 'writable' : perms);
    }
  }
});

describe(`sampled pages (${corpusNote})`, () => {
  it('are equal but for the few that were written before the freeze', () => {
    const { equal, written, inFile } = totals;
    expect(equal).toBeGreaterThan(100);
    expect(inFile).toBeGreaterThan(100);
    expect(equal / (equal + written)).toBeGreaterThanOrEqual(leastEqual);
  });
});
