import { scenario } from '../scenario.ts';

export const ncShell = scenario({
  id: '08-nc-shell',
  about: 'A shell on a connection of busybox nc, inside the container.',
  container: { command: ['bash', '/srv/lab/nc-shell.sh'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S17', label: /loopback/ },
    { signal: 'S18' },
  ],
  also: ['S19'],
});
