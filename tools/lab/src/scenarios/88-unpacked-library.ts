import { scenario } from '../scenario.ts';

export const unpackedLibrary = scenario({
  id: '88-unpacked-library',
  about: 'A Java program with a native library that was unpacked, loaded and deleted.',
  container: { command: ['java', '-Xmx64m', '/srv/lab/Unpacked.java'] },
  expected: [],
  negative: true,
});
