import { randomBytes } from 'node:crypto';
import { scenario } from '../scenario.ts';

/** Characters of a token, new at each capture, so that no text of the repository looks like one. */
function madeUp(): string {
  return randomBytes(64).toString('base64').replace(/[^A-Za-z0-9]/g, '').slice(0, 36);
}

export const typedShell = scenario({
  id: '10-typed-shell',
  about: 'Types four commands, one with a token, into a bash that keeps no history file.',
  container: { command: ['python3', '/srv/lab/typed-shell.py', 'id', 'uname -a', `export TOKEN=ghp_${madeUp()}`, 'cat /etc/hostname'] },
  expected: [
    { signal: 'S60', command: /bash/ },
    { signal: 'S37', command: /bash/ },
  ],
  also: ['S21', 'S36'],
});
