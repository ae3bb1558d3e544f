import { scenario } from '../scenario.ts';

export const buildJob = scenario({
  id: '81-build-job',
  about: 'A build that runs the test that it made.',
  container: { command: ['bash', '/srv/lab/build-job.sh'] },
  expected: [],
  negative: true,
});
