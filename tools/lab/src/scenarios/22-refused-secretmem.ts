import { scenario } from '../scenario.ts';

export const refusedSecretmem = scenario({
  id: '22-refused-secretmem',
  about: 'Holds secret memory.',
  container: {
    command: ['python3', '/srv/lab/refuse.py', 'secretmem'],
    options: ['--security-opt=seccomp=unconfined'],
  },
  expected: [
    { signal: 'S72', label: /refused\.secretmem$/m },
  ],
  also: ['S10', 'S51'],
  refused: true,
});
