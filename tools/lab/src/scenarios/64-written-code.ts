import { scenario } from '../scenario.ts';

export const writtenCode = scenario({
  id: '64-written-code',
  about: 'Writes into the code of a child by /proc/PID/mem.',
  container: { command: ['python3', '/srv/lab/written-code.py'] },
  expected: [
    { signal: 'S7', noted: true },
  ],
  also: ['S38'],
  unseen: true,
});
