import { scenario } from '../scenario.ts';

export const memfdLibrary = scenario({
  id: '02-memfd-library',
  about: 'Python loads a library out of a nameless memfd.',
  container: { command: ['python3', '/srv/lab/memfd-library.py'] },
  expected: [
    { signal: 'S2', command: /memfd-library/ },
  ],
  also: ['S3'],
});
