import { scenario } from '../scenario.ts';

export const auditLibrary = scenario({
  id: '43-audit-library',
  about: 'LD_AUDIT of a library in /tmp.',
  container: { command: ['bash', '/srv/lab/preload.sh', 'LD_AUDIT'] },
  expected: [
    { signal: 'S40', command: /sleep/ },
  ],
  also: ['S8', 'S58'],
  unseen: true,
});
