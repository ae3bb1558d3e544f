import { scenario } from '../scenario.ts';

export const privileged = scenario({
  id: '21-privileged',
  about: 'Has CAP_SYS_ADMIN and no seccomp filter.',
  container: {
    command: ['/bin/sh', '-c', 'echo ready; exec sleep 3600'],
    options: ['--cap-add=SYS_ADMIN', '--security-opt=seccomp=unconfined'],
  },
  expected: [
    { signal: 'S51' },
  ],
});
