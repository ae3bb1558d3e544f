import { peerAddress, scenario } from '../scenario.ts';

export const pipedShell = scenario({
  id: '50-piped-shell',
  about: 'A shell between pipes, with nc to another container.',
  container: { command: ['bash', '/srv/lab/piped-shell.sh', peerAddress, '9003'] },
  peer: { command: ['python3', '/srv/lab/listen.py', '9003'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S19' },
  ],
  unseen: true,
});
