import { scenario } from '../scenario.ts';

export const flippedCode = scenario({
  id: '06-flipped-code',
  about: 'Writes code into anonymous memory, then makes it executable.',
  container: { command: ['python3', '/srv/lab/flipped-code.py'] },
  expected: [
    { signal: 'S6', command: /flipped-code/ },
  ],
});
