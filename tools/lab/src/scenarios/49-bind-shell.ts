import { scenario } from '../scenario.ts';

export const bindShell = scenario({
  id: '49-bind-shell',
  about: 'A shell of Python for whoever connects.',
  container: { command: ['python3', '/srv/lab/bind-shell.py', '9002', 'self'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S18' },
  ],
  also: ['S17', 'S23'],
  unseen: true,
});
