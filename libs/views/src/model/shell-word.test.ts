import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { shellWord } from './shell-word.ts';

describe('a word for a shell', () => {
  it('comes out of a shell as it went in, whatever it is', () => {
    const words = fc.sample(fc.string({ unit: fc.constantFrom(...'ab/._- \'"$`\\!*?[]{}()<>|&;#~=%é鍵'), minLength: 1, maxLength: 40 }), { numRuns: 300, seed: 7 });
    const quoted = words.map((word) => shellWord(word) ?? '');
    const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${quoted.join(' ')}`]);
    expect(stdout.toString('utf8').split('\0').slice(0, -1)).toEqual(words);
  });

  it.each(['a\nb', '\u202e', '\u001b[2J', '\ud800', 'a\u2028b'])('is none for %j, which nobody can read', (word) => expect(shellWord(word)).toBeUndefined());
});
