import { scenario } from '../scenario.ts';

export const kernelName = scenario({
  id: '11-kernel-name',
  about: 'A process names itself like a kernel thread.',
  container: { command: ['python3', '/srv/lab/kernel-name.py'] },
  expected: [
    { signal: 'S14', command: /kernel-name/ },
  ],
  also: ['S15'],
});
