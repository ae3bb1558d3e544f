import { scenario } from '../scenario.ts';

export const java = scenario({
  id: '24-java',
  about: 'Java compiles at run time: nothing of high severity.',
  container: { command: ['java', '-Xmx64m', '/srv/lab/Loop.java'] },
  expected: [],
  negative: true,
});
