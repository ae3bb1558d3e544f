import { scenario } from '../scenario.ts';

export const kubectl = scenario({
  id: '77-kubectl',
  about: 'A client of the cluster that was brought along.',
  container: { command: ['bash', '/srv/lab/kubectl.sh'] },
  expected: [
    { signal: 'S57', command: /get secrets/ },
    { signal: 'S13', command: /get secrets/ },
  ],
  also: ['S58'],
  unseen: true,
});
