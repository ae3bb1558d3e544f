import { scenario } from '../scenario.ts';

export const ownMounts = scenario({
  id: '72-own-mounts',
  about: 'A shell with mounts of its own, which nobody else sees.',
  container: { command: ['bash', '/srv/lab/own-mounts.sh'], options: ['--cap-add=SYS_ADMIN', '--security-opt=seccomp=unconfined'] },
  expected: [
    { signal: 'S54' },
  ],
  also: ['S51'],
  unseen: true,
});
