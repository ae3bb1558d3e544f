import { scenario } from '../scenario.ts';

export const socatTunnel = scenario({
  id: '41-socat-tunnel',
  about: 'socat forwards a port to another container.',
  container: { command: ['bash', '-c', 'socat TCP-LISTEN:8080,fork,reuseaddr TCP:10.99.0.9:80 & echo ready; wait'] },
  expected: [
    { signal: 'S28', command: /socat/ },
  ],
  unseen: true,
});
