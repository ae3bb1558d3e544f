import { scenario } from '../scenario.ts';

export const refusedPtrace = scenario({
  id: '22-refused-ptrace',
  about: 'Traces its child.',
  container: {
    command: ['python3', '/srv/lab/refuse.py', 'ptrace'],
    options: ['--cap-add=SYS_PTRACE', '--security-opt=seccomp=unconfined'],
  },
  expected: [
    { signal: 'S72', label: /refused\.ptrace$/m },
  ],
  also: ['S10', 'S51'],
  refused: true,
});
