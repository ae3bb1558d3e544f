import { scenario } from '../scenario.ts';

export const account = scenario({
  id: '15-account',
  about: 'Adds a second user with uid 0.',
  container: { command: ['/bin/sh', '-c', 'echo evil:x:0:0::/root:/bin/sh >>/etc/passwd; echo ready; exec sleep 3600'] },
  expected: [
    { signal: 'S47', path: '/etc/passwd' },
  ],
});
