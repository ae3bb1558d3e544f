import { scenario } from '../scenario.ts';

export const writableCode = scenario({
  id: '05-writable-code',
  about: 'Maps memory that can be written and run, with code in it.',
  container: { command: ['python3', '/srv/lab/writable-code.py'] },
  expected: [
    { signal: 'S5', command: /writable-code/ },
  ],
});
