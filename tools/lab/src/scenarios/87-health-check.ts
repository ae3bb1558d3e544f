import { scenario } from '../scenario.ts';

export const healthCheck = scenario({
  id: '87-health-check',
  about: 'A check of a server’s health by a shell.',
  container: { command: ['bash', '/srv/lab/health-check.sh'] },
  checkpoint: ['--tcp-established'],
  expected: [],
  negative: true,
});
