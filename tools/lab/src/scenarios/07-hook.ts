import { scenario } from '../scenario.ts';

export const hook = scenario({
  id: '07-hook',
  about: 'Changes one byte of a function of libc.',
  container: { command: ['python3', '/srv/lab/hook.py'] },
  expected: [
    { signal: 'S7', noted: true, command: /hook/ },
  ],
});
