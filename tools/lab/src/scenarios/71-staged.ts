import { scenario } from '../scenario.ts';

export const staged = scenario({
  id: '71-staged',
  about: 'Accounts and keys in an archive in shared memory, in parts.',
  container: { command: ['bash', '/srv/lab/staged.sh'] },
  expected: [
    { signal: 'S68' },
  ],
  also: ['S64'],
  unseen: true,
});
