import { scenario } from '../scenario.ts';

export const refusedPerf = scenario({
  id: '22-refused-perf',
  about: 'Holds a performance counter.',
  container: {
    command: ['python3', '/srv/lab/refuse.py', 'perf'],
    options: ['--cap-add=PERFMON', '--security-opt=seccomp=unconfined'],
  },
  expected: [
    { signal: 'S72', label: /refused\.perf$/m },
  ],
  also: ['S10', 'S51'],
  refused: true,
});
