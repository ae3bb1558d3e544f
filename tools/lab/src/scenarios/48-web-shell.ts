import { scenario } from '../scenario.ts';

export const webShell = scenario({
  id: '48-web-shell',
  about: 'A page makes its web server run a shell.',
  container: { command: ['node', '/srv/lab/web-shell.js'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S23' },
  ],
  also: ['S19'],
  unseen: true,
});
