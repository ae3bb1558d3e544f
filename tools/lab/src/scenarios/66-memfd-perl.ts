import { scenario } from '../scenario.ts';

export const memfdPerl = scenario({
  id: '66-memfd-perl',
  about: 'A program in memory alone, by nothing but a system call of Perl.',
  container: { command: ['perl', '/srv/lab/memfd-perl.pl'] },
  expected: [
    { signal: 'S1' },
  ],
  also: ['S14', 'S15', 'S3'],
  unseen: true,
});
