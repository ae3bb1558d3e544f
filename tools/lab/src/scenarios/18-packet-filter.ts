import { scenario } from '../scenario.ts';

export const packetFilter = scenario({
  id: '18-packet-filter',
  about: 'Listens to the wire through a filter.',
  container: {
    command: ['python3', '/srv/lab/packet-socket.py', 'filter'],
    options: ['--cap-add=NET_RAW'],
  },
  expected: [
    { signal: 'S29', command: /packet-socket/ },
  ],
  also: ['S30'],
});
