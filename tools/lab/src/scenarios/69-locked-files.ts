import { scenario } from '../scenario.ts';

export const lockedFiles = scenario({
  id: '69-locked-files',
  about: 'Files under another name that are noise, and a note that asks for money.',
  container: { command: ['python3', '/srv/lab/locked-files.py'] },
  expected: [
    { signal: 'S63' },
  ],
  unseen: true,
});
