import { scenario } from '../scenario.ts';

export const miner = scenario({
  id: '20-miner',
  about: 'A program that calls itself xmrig and names a pool.',
  container: { command: ['bash', '-c', 'echo ready; exec -a xmrig /srv/lab/bin/idle -o stratum+tcp://pool.invalid:3333'] },
  expected: [
    { signal: 'S25', command: /xmrig/ },
    { signal: 'S15', command: /xmrig/ },
  ],
});
