import { scenario } from '../scenario.ts';

export const refusedUffd = scenario({
  id: '22-refused-uffd',
  about: 'Holds a userfaultfd.',
  container: {
    command: ['python3', '/srv/lab/refuse.py', 'uffd'],
    options: ['--security-opt=seccomp=unconfined'],
  },
  expected: [
    { signal: 'S72', label: /refused\.uffd$/m },
  ],
  also: ['S10', 'S51'],
  refused: true,
});
