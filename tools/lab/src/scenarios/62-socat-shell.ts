import { peerAddress, scenario } from '../scenario.ts';

export const socatShell = scenario({
  id: '62-socat-shell',
  about: 'A shell on a terminal of its own, which socat carries to another container.',
  container: { command: ['bash', '/srv/lab/socat-shell.sh', peerAddress, '9001'] },
  peer: { command: ['python3', '/srv/lab/listen.py', '9001'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S19' },
  ],
  also: ['S21', 'S28', 'S16', 'S17', 'S26'],
  unseen: true,
});
