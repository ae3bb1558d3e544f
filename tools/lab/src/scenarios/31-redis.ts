import { scenario } from '../scenario.ts';

export const redis = scenario({
  id: '31-redis',
  about: 'redis, as Debian ships it.',
  container: { command: ['bash', '-c', 'redis-server --save "" --port 6379 >/dev/null & sleep 1; redis-cli set a b >/dev/null; echo ready; wait'] },
  checkpoint: ['--tcp-established'],
  expected: [],
  negative: true,
  unseen: true,
});
