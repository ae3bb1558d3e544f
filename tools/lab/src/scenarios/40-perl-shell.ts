import { peerAddress, scenario } from '../scenario.ts';

export const perlShell = scenario({
  id: '40-perl-shell',
  about: 'A reverse shell of Perl to another container.',
  container: { command: ['perl', '/srv/lab/perl-shell.pl', peerAddress, '9001'] },
  peer: { command: ['python3', '/srv/lab/listen.py', '9001'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S17', command: /sh/ },
  ],
  unseen: true,
});
