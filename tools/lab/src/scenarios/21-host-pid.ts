import { scenario } from '../scenario.ts';

export const hostPid = scenario({
  id: '21-host-pid',
  about: 'Shares the node’s pid namespace.',
  container: {
    command: ['/bin/sh', '-c', 'echo ready; exec sleep 3600'],
    options: ['--pid=host'],
  },
  expected: [
    { signal: 'S52' },
  ],
  also: ['S51'],
});
