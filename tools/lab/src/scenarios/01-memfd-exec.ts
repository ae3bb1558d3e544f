import { scenario } from '../scenario.ts';

export const memfdExec = scenario({
  id: '01-memfd-exec',
  about: 'Runs a copy of sleep from a memfd, named like a kernel thread.',
  container: { command: ['/srv/lab/bin/memfd-exec', 'x', '/bin/sleep', '[kworker/0:1]', '3600'] },
  expected: [
    { signal: 'S1', recovered: true, command: /kworker/ },
    { signal: 'S14', command: /kworker/ },
  ],
});
