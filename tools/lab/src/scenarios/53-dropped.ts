import { scenario } from '../scenario.ts';

export const dropped = scenario({
  id: '53-dropped',
  about: 'Programs in hidden folders, of /dev/shm, where nothing may run, and of /var/tmp.',
  container: { command: ['bash', '/srv/lab/dropped.sh'] },
  expected: [
    { signal: 'S13', command: /kthread/ },
    { signal: 'S58', command: /kthread/ },
    { signal: 'S64' },
  ],
  also: ['S3'],
  unseen: true,
});
