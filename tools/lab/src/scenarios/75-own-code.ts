import { scenario } from '../scenario.ts';

export const ownCode = scenario({
  id: '75-own-code',
  about: 'A thread that runs what was written into memory.',
  container: { command: ['python3', '/srv/lab/own-code.py'] },
  expected: [
    { signal: 'S9', command: /own-code/ },
    { signal: 'S6', noted: true },
  ],
  unseen: true,
});
