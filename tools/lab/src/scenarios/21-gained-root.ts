import { scenario } from '../scenario.ts';

export const gainedRoot = scenario({
  id: '21-gained-root',
  about: 'A setuid copy in /tmp makes a user’s child root.',
  container: { command: ['bash', '/srv/lab/become-root.sh'] },
  expected: [
    { signal: 'S53', command: /helper/ },
    { signal: 'S48', path: '/tmp/helper' },
  ],
  also: ['S13', 'S58'],
});
