import { scenario } from '../scenario.ts';

export const nginx = scenario({
  id: '30-nginx',
  about: 'nginx with its workers.',
  container: { command: ['bash', '/srv/lab/nginx.sh'] },
  expected: [],
  negative: true,
  unseen: true,
});
