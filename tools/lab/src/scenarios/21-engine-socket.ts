import { scenario } from '../scenario.ts';

export const engineSocket = scenario({
  id: '21-engine-socket',
  about: 'Has the engine’s socket mounted.',
  container: {
    command: ['/bin/sh', '-c', 'echo ready; exec sleep 3600'],
    options: ['--volume=/run/docker.sock:/var/run/docker.sock'],
  },
  expected: [
    { signal: 'S51' },
  ],
});
