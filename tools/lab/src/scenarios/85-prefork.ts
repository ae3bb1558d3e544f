import { scenario } from '../scenario.ts';

export const prefork = scenario({
  id: '85-prefork',
  about: 'A server of root with workers of another user.',
  container: { command: ['python3', '/srv/lab/prefork.py'] },
  expected: [],
  negative: true,
  unseen: true,
});
