import { scenario } from '../scenario.ts';

export const dropped = scenario({
  id: '53-dropped',
  about: 'Programs in hidden folders of /dev/shm and /var/tmp.',
  container: { command: ['bash', '/srv/lab/dropped.sh'] },
  expected: [
    { signal: 'S13', command: /udevd/ },
    { signal: 'S13', command: /kthread/ },
    { signal: 'S58', command: /kthread/ },
    { signal: 'S64' },
  ],
  unseen: true,
});
