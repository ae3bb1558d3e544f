import { scenario } from '../scenario.ts';

export const history = scenario({
  id: '54-history',
  about: 'A link to /dev/null for a history file, and no history variable.',
  container: { command: ['/bin/sh', '-c', 'ln -sf /dev/null /root/.bash_history; HISTFILE=/dev/null HISTSIZE=0 sleep 3600 & echo ready; wait'] },
  expected: [
    { signal: 'S60' },
  ],
  unseen: true,
});
