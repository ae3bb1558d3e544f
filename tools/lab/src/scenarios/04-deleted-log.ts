import { scenario } from '../scenario.ts';

export const deletedLog = scenario({
  id: '04-deleted-log',
  about: 'Writes a log and deletes it while it is open.',
  container: { command: ['python3', '/srv/lab/deleted-log.py'] },
  expected: [
    { signal: 'S12', label: /hello secret/, command: /deleted-log/ },
  ],
  also: ['S62'],
});
