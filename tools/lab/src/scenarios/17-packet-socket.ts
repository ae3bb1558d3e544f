import { scenario } from '../scenario.ts';

export const packetSocket = scenario({
  id: '17-packet-socket',
  about: 'Listens to the wire.',
  container: {
    command: ['python3', '/srv/lab/packet-socket.py'],
    options: ['--cap-add=NET_RAW'],
  },
  expected: [
    { signal: 'S30', command: /packet-socket/ },
  ],
});
