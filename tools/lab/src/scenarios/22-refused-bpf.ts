import { scenario } from '../scenario.ts';

export const refusedBpf = scenario({
  id: '22-refused-bpf',
  about: 'Holds a BPF map.',
  container: {
    command: ['python3', '/srv/lab/refuse.py', 'bpf'],
    options: ['--cap-add=BPF', '--cap-add=SYS_ADMIN', '--security-opt=seccomp=unconfined'],
  },
  expected: [
    { signal: 'S72', label: /refused\.bpf$/m },
  ],
  also: ['S10', 'S51'],
  refused: true,
});
