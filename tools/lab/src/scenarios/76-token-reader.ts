import { peerAddress, scenario } from '../scenario.ts';

export const tokenReader = scenario({
  id: '76-token-reader',
  about: 'A shell that reads the pod’s token and asks the API server with it.',
  container: { command: ['bash', '/srv/lab/token-reader.sh', peerAddress], environment: { KUBERNETES_SERVICE_HOST: peerAddress } },
  peer: { command: ['python3', '/srv/lab/listen.py', '6443'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S32', command: /bash -c/ },
    { signal: 'S57', command: /bash -c/ },
  ],
  also: ['S17', 'S16', 'S26'],
  unseen: true,
});
