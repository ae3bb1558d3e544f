import { scenario } from '../scenario.ts';

export const deletedLibrary = scenario({
  id: '44-deleted-library',
  about: 'A library in /var/tmp, mapped and deleted.',
  container: { command: ['python3', '/srv/lab/deleted-library.py'] },
  expected: [
    { signal: 'S8', command: /deleted-library/ },
    { signal: 'S12', command: /deleted-library/ },
  ],
  unseen: true,
});
