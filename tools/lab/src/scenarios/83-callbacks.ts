import { scenario } from '../scenario.ts';

export const callbacks = scenario({
  id: '83-callbacks',
  about: 'Callbacks of C into Python, and workers that share memory.',
  container: { command: ['python3', '/srv/lab/callbacks.py'] },
  expected: [],
  negative: true,
});
