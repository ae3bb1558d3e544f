import { scenario } from '../scenario.ts';

export const sharedMemoryScript = scenario({
  id: '74-shared-memory-script',
  about: 'A hidden script in shared memory, and what runs it.',
  container: { command: ['bash', '/srv/lab/shared-memory-script.sh'] },
  expected: [
    { signal: 'S13', command: /font-cache/ },
    { signal: 'S64' },
  ],
});
