import { peerAddress, scenario } from '../scenario.ts';

export const nodeShell = scenario({
  id: '51-node-shell',
  about: 'A shell of Node, on socket pairs to the process that has the connection.',
  container: { command: ['node', '/srv/lab/node-shell.js', peerAddress, '9004'] },
  peer: { command: ['python3', '/srv/lab/listen.py', '9004'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S19' },
  ],
  also: ['S23'],
  unseen: true,
});
