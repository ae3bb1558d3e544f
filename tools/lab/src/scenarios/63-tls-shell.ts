import { peerAddress, scenario } from '../scenario.ts';

export const tlsShell = scenario({
  id: '63-tls-shell',
  about: 'A shell between two pipes, with openssl for the connection.',
  container: { command: ['bash', '/srv/lab/tls-shell.sh', peerAddress, '9001'] },
  peer: { command: ['python3', '/srv/lab/listen.py', '9001'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S19' },
  ],
  also: ['S28', 'S26'],
  unseen: true,
});
