import { scenario } from '../scenario.ts';

export const hostRoot = scenario({
  id: '21-host-root',
  about: 'Has the node’s root folder mounted.',
  container: {
    command: ['/bin/sh', '-c', 'echo ready; exec sleep 3600'],
    options: ['--mount=type=bind,src=/,dst=/host,bind-nonrecursive=true'],
  },
  expected: [
    { signal: 'S51' },
  ],
});
