import { scenario } from '../scenario.ts';

export const developer = scenario({
  id: '35-developer',
  about: 'What a developer leaves behind in a container.',
  container: { command: ['bash', '/srv/lab/curious.sh'] },
  expected: [],
  also: ['S43'],
  negative: true,
  unseen: true,
});
