import { scenario } from '../scenario.ts';

export const deletedScript = scenario({
  id: '65-deleted-script',
  about: 'A script that removes itself while it runs.',
  container: { command: ['bash', '/srv/lab/deleted-script.sh'] },
  expected: [
    { signal: 'S12', path: '/tmp/.update.sh' },
  ],
  also: ['S13'],
  unseen: true,
});
