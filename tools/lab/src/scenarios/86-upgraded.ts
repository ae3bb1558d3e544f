import { scenario } from '../scenario.ts';

export const upgraded = scenario({
  id: '86-upgraded',
  about: 'A service whose program and library were replaced by a newer package.',
  container: { command: ['bash', '/srv/lab/upgraded.sh'] },
  checkpoint: ['--file-locks'],
  expected: [],
  negative: true,
});
