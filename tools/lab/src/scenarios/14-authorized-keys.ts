import { scenario } from '../scenario.ts';

export const authorizedKeys = scenario({
  id: '14-authorized-keys',
  about: 'Adds a key that may log in.',
  container: { command: ['/bin/sh', '-c', 'mkdir -p /root/.ssh; echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILabLabLabLabLabLabLabLabLabLabLabLabLabLabLa lab" >/root/.ssh/authorized_keys; echo ready; exec sleep 3600'] },
  expected: [
    { signal: 'S46', path: '/root/.ssh/authorized_keys' },
  ],
});
