import { scenario } from '../scenario.ts';

export const setuid = scenario({
  id: '16-setuid',
  about: 'Makes a program of the image setuid, and a new copy of a shell as well.',
  container: { command: ['/bin/sh', '-c', 'chmod u+s /srv/lab/bin/idle; cp /bin/sh /tmp/s; chmod 4755 /tmp/s; echo ready; exec sleep 3600'] },
  expected: [
    { signal: 'S48', path: '/tmp/s' },
  ],
  also: ['S64'],
  misses: [{ signal: 'S48', reason: 'podman looks on the node whether a modified file exists there, so /srv/lab/bin/idle is not in the archive' }],
});
