import { peerAddress, scenario } from '../scenario.ts';

export const dnsSender = scenario({
  id: '68-dns-sender',
  about: 'Sends a file as names that are asked for.',
  container: { command: ['python3', '/srv/lab/dns-sender.py', peerAddress] },
  peer: { command: ['python3', '/srv/lab/listen.py', '53'] },
  expected: [
    { signal: 'S27' },
  ],
});
