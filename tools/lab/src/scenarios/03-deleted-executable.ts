import { scenario } from '../scenario.ts';

export const deletedExecutable = scenario({
  id: '03-deleted-executable',
  about: 'Starts a hidden program in /tmp and deletes it.',
  container: { command: ['bash', '/srv/lab/deleted-exe.sh'] },
  expected: [
    { signal: 'S11', recovered: true, command: /\/tmp\/.d/ },
    { signal: 'S13', command: /\/tmp\/.d/ },
  ],
  also: ['S58', 'S12'],
});
