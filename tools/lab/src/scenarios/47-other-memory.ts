import { scenario } from '../scenario.ts';

export const otherMemory = scenario({
  id: '47-other-memory',
  about: 'Holds the memory file of another process.',
  container: { command: ['bash', '-c', 'sleep 3600 & python3 /srv/lab/hold-file.py /proc/$!/mem'] },
  expected: [
    { signal: 'S38', command: /hold-file/ },
  ],
  unseen: true,
});
