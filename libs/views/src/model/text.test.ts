import { redaction } from '@icecore/tables';
import { testKey } from '../sample-view.test-support.ts';
import { beginningOf, maxShownLength, textMaker } from './text.ts';

const secret = 'AKIAZ7Q2MXWPT4NRB3LD';
const { text, variable, commandLine } = textMaker(redaction(testKey, ['correct-horse-battery']));

describe('text of the evidence in a view', () => {
  it('is whole where it is short, and a beginning with its length where it is long', () => {
    expect(text('/etc/passwd')).toBe('/etc/passwd');
    expect(text('x'.repeat(2 ** 20))).toEqual({ start: 'x'.repeat(maxShownLength), length: 2 ** 20 });
  });

  it.each([0, 1, 10, maxShownLength - 25, maxShownLength - 10, maxShownLength - 1])('holds no part of a secret that the cut goes through at %i', (at) => {
    const shown = beginningOf(text(`${'-'.repeat(at)} ${secret} ${'-'.repeat(2 ** 17)}`));
    for (let length = 6; length <= secret.length; length++) expect(shown).not.toContain(secret.slice(0, length));
  });

  it('holds no secret that an environment gave away, nor one behind an option or a name', () => {
    expect(beginningOf(text('login correct-horse-battery'))).not.toContain('horse');
    expect(beginningOf(commandLine(['mysql', '--password', 'hunter2-hunter2']))).not.toContain('hunter2');
    expect(variable('DB_PASSWORD', 'hunter2-hunter2')).toMatchObject({ secret: 'named_secret' });
    expect(beginningOf(variable('DB_PASSWORD', 'y'.repeat(2 ** 20)).value)).not.toContain('yyyy');
  });

  it('ends at a whole character', () => {
    expect(beginningOf(text(`${'x'.repeat(maxShownLength - 1)}😀😀`)).isWellFormed()).toBe(true);
  });
});
