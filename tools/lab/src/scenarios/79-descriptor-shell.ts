import { peerAddress, scenario } from '../scenario.ts';

export const descriptorShell = scenario({
  id: '79-descriptor-shell',
  about: 'A shell that takes its commands from a connection beside its standard input.',
  container: { command: ['bash', '/srv/lab/descriptor-shell.sh', peerAddress, '9001'] },
  peer: { command: ['python3', '/srv/lab/listen.py', '9001'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S17', command: /descriptor-shell/ },
  ],
  also: ['S26'],
  unseen: true,
});
