import { scenario } from '../scenario.ts';

export const postgres = scenario({
  id: '32-postgres',
  about: 'PostgreSQL with its processes.',
  container: {
    command: ['bash', '/srv/lab/postgres.sh'],
    ready: /database system is ready to accept/,
  },
  expected: [],
  negative: true,
  unseen: true,
});
