import { scenario } from '../scenario.ts';

export const minerInMemory = scenario({
  id: '20-miner-in-memory',
  about: 'A pool and a miner’s configuration in memory only.',
  container: { command: ['python3', '/srv/lab/miner-in-memory.py'] },
  expected: [
    { signal: 'S25', command: /miner-in-memory/ },
  ],
});
