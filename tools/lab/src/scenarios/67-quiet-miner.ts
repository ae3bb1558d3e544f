import { peerAddress, scenario } from '../scenario.ts';

export const quietMiner = scenario({
  id: '67-quiet-miner',
  about: 'A miner under another name, with its pool behind TLS: only its memory tells.',
  container: { command: ['bash', '-c', `cp /usr/bin/python3 /usr/local/bin/sysd; exec /usr/local/bin/sysd /srv/lab/quiet-miner.py ${peerAddress} 443`] },
  peer: { command: ['python3', '/srv/lab/listen.py', '443'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S25' },
  ],
  also: ['S58', 'S15', 'S50', 'S26'],
});
