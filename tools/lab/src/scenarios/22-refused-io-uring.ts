import { scenario } from '../scenario.ts';

export const refusedIoUring = scenario({
  id: '22-refused-io-uring',
  about: 'Holds an io_uring.',
  container: {
    command: ['python3', '/srv/lab/refuse.py', 'io_uring'],
    options: ['--security-opt=seccomp=unconfined'],
  },
  expected: [
    { signal: 'S72', label: /refused\.io_uring$/m },
  ],
  also: ['S10', 'S51'],
  refused: true,
});
