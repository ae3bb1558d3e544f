import { scenario } from '../scenario.ts';

export const memfdPython = scenario({
  id: '42-memfd-python',
  about: 'Python runs a program from a memfd under the name of a daemon.',
  container: { command: ['python3', '/srv/lab/memfd-python.py'] },
  expected: [
    { signal: 'S1', command: /dbus/ },
  ],
  also: ['S3', 'S15'],
  unseen: true,
});
