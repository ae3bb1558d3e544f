import { scenario } from '../scenario.ts';

export const preload = scenario({
  id: '12-preload',
  about: 'LD_PRELOAD of a library in /tmp.',
  container: { command: ['bash', '/srv/lab/preload.sh', 'LD_PRELOAD'] },
  expected: [
    { signal: 'S40', command: /sleep/ },
    { signal: 'S8', command: /sleep/ },
  ],
  also: ['S58'],
});
