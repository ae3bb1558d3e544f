import { scenario } from '../scenario.ts';

export const packageRun = scenario({
  id: '82-package-run',
  about: 'A package with a program, a unit and a job is being installed.',
  container: { command: ['bash', '/srv/lab/package-run.sh'] },
  checkpoint: ['--file-locks'],
  expected: [],
  negative: true,
  unseen: true,
});
