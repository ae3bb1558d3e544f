import { normalisePath } from './path.ts';

describe('a path', () => {
  it.each([
    ['checkpoint/core-1.img', 'checkpoint/core-1.img', false],
    ['./checkpoint//./core-1.img', 'checkpoint/core-1.img', false],
    ['checkpoint/', 'checkpoint', false],
    ['./', '', false],
    ['.', '', false],
    ['.wh..wh..opq', '.wh..wh..opq', false],
    ['a/../b', 'b', false],
    ['..a/...', '..a/...', false],
    ['/etc/passwd', 'etc/passwd', true],
    ['../etc/passwd', 'etc/passwd', true],
    ['a/../../etc', 'etc', true],
    ['a\0b', 'a\0b', true],
    ['a\\b', 'a\\b', false],
  ])('%j is %j, unsafe %s', (raw, path, unsafe) => {
    expect(normalisePath(raw)).toEqual({ path, unsafe });
  });
});
