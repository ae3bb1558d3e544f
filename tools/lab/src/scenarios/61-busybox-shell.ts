import { peerAddress, scenario } from '../scenario.ts';

export const busyboxShell = scenario({
  id: '61-busybox-shell',
  about: 'busybox becomes the shell that it connects to another container.',
  container: { command: ['bash', '/srv/lab/busybox-shell.sh', peerAddress, '9001'] },
  peer: { command: ['python3', '/srv/lab/listen.py', '9001'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S17' },
  ],
  unseen: true,
});
