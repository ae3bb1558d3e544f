import { scenario } from '../scenario.ts';

export const javaWebShell = scenario({
  id: '60-java-web-shell',
  about: 'A page makes its Java server run a shell.',
  container: { command: ['java', '-Xmx64m', '/srv/lab/WebShell.java'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S23' },
  ],
  also: ['S19'],
  unseen: true,
});
