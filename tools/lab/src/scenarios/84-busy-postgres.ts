import { scenario } from '../scenario.ts';

export const busyPostgres = scenario({
  id: '84-busy-postgres',
  about: 'PostgreSQL with sessions that are at work.',
  container: { command: ['bash', '/srv/lab/busy-postgres.sh'] },
  expected: [],
  negative: true,
  unseen: true,
});
