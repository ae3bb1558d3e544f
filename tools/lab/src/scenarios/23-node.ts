import { scenario } from '../scenario.ts';

export const node = scenario({
  id: '23-node',
  about: 'Node compiles at run time: nothing of high severity.',
  container: { command: ['node', '/srv/lab/jit.js'] },
  expected: [],
  negative: true,
});
