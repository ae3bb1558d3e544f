import { scenario } from '../scenario.ts';

export const cron = scenario({
  id: '13-cron',
  about: 'Adds a job to cron.d.',
  container: { command: ['/bin/sh', '-c', 'echo "* * * * * root id" >/etc/cron.d/x; echo ready; exec sleep 3600'] },
  expected: [
    { signal: 'S41', path: '/etc/cron.d/x' },
  ],
});
