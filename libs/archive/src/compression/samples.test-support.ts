/** The text that the compressed samples below hold. */
export const lines = Buffer.from(Array.from({ length: 300 }, (_, n) => `line ${n} of the evidence\n`).join(''));

function fromBase64(parts: readonly string[]): Buffer {
  return Buffer.from(parts.join(''), 'base64');
}

/** `lines` as bzip2 -1 writes it. */
export const linesBzip2 = fromBase64([
  'QlpoMTFBWSZTWauPzeEACutZgAAQQAB/4A9lhQBAAvAcAACgAxGmmjQiA0f6pUQAYoAMRppo0GT1Sj2qf5VUaD1D1PeItERFredXi+551Xjz1c',
  'A4YASMgbDQNA2GQJGAHC4B1AAcQwA6uAcMAJGQNhoGgbDIEjADhcA6gAJGQNhoGgbDIEjADhcA6gAPiItaLRHtVRVVVVXh1cBMzMzPfWZmZmZm',
  'ZmZmZkESSSS21W223ve973tkE0YYmjDE0YYmjDE0YYmjDE0YYmjDE0YYmrzmW222eopJJJd3d3dnqYmjDE0A2gG0A2gG0A2gG0A2gG1ecpbbbN',
  'kySSTbu7u7J6AAAAAAAAAvOW8tts7JCSSbt3d3ZNAAAAAAAAAvOW3xbbPMknJJN3bu7snQAAAAAAAALzltvm2zxJJPEk3d27uyeQAAAAAAAALz',
  'ltt7bOSSSeZN3d27sngAAAAAAAAC85bbbthJJJOzd3d27JwAAAAAAAADmZfHi223ZCSSSd73ve93aAAAAAAABmH8SbTS9pNppfpJtNISbTS9pN',
  'ppe0m00upNppf1JtNL/JNppfEm00viTaaXxJtNL4k2ml9km00tSTaaQk2ml/xdyRThQkKuPzeE',
]);

/** 11,000,000 zero bytes as bzip2 -1 writes them, in three blocks. */
export const zerosBzip2 = fromBase64([
  'QlpoMTFBWSZTWX6yQ8QADQTAAMAAAAggACCkCDSoKjEqCo5igrJMprL9ZIeIABoJgAGAAAAQQABBSBBpUFRiVBUcxQVkmU1lldaKkAAYjyADAA',
  'AACAAggADDMBSmmqELYEQvF3JFOFCQYtgqPQ==',
]);

/** `lines` as xz --block-size=2500 writes it, in three blocks. */
export const linesXz = fromBase64([
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AnDAK1dADYaSh8IoCYDTQad+LKlrKig23tA5NEyGR73LeI9vcrWNU41Bsc0v1pdnkhGIx+MFeQ9/f',
  'hf910v1B4eKSSuMTdKKr49peZ+bPOMD7SltmWUpRnZZA0L5bt/UH9CAMaGHdraaq2bR8EQ/GhsCAsRfdp7n5BHqww5G7nf6mxHYz5uqAZxwnD7',
  'G/7uwZSwQ9hwQSGIvBkn73byWRm5ifF6u+pfrUR9uBEzX2baSzgAAAAAAB0hWcDgjOlZAgAhARwAAAAQz1jM4AnDALpdADMICobDzJBzIWN4rh',
  'ZaJd+iOXiOR0FLF3RBNdyE3lbo+4qEVTtWVCaPHL7KYJoVoaKcatnhWwC1Icu95AJ/H1zG+li/7wu/HbF0pNEqV7fh0/7pTEEO4cqEVa/GfuR8',
  'yab9RajA8JgtiiMXxd5eBh3xldaAVv5DV8jbWOstUqr1ThAjLXqBfQWdtOl/LdM05dPR8YGR2X2M8XopX5gu5emmTwlzfQoxW33EwfesG9gVbz',
  'nmXs01HUZLAAAAAMDBTKkEZZ7AAgAhARwAAAAQz1jM4AlVAK9dADMICobDzJBzIWN4rhZaJd+iOXiOR0J8NuSHCGAR8qPQTu5a3PH4L5zl6pze',
  'gaRYVx3io2JyXTgkxIOTZQg/kvvSG4rpvVYvrnxenaHSMlq9sh8wI+hnJqCRYjtLUXz9LGpEB8edgBiEUaqENCgV5+rSo90m4hLKSlPtZ3upzX',
  'LiM60/S9hcOeogqGeyWUr7UiPTXism/9nY+B+LzJ+pN9N9bjtilI8epI9W6Eg5HgAAAA4e6rbc25i4AAPJAcQT1gHEE8sB1hIAABAsBp+sJz4t',
  'BAAAAAAEWVo=',
]);

/** `lines` with a check that the decoder does not know. */
export const linesXzSha256 = fromBase64([
  '/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4BzdAWZdADYaSh8IoCYDTQad+LKlrKig23tA5NEyGR73LeI9vcrWNU41Bsc0v1pdnkhGIx+MFeQ9/f',
  'hf910v1B4eKSSuMTdKKr49peZ+bPOMD7SltmWUpRnZZA0L5bt/UH9CAMaGHdraaq2bR8EQ/GhsCAsRfdp7n5BHqww5G7nf6mxHYz5uqAZxwnD7',
  'G/7uwZSwQ9hwQSGIvBkn73byWRm5ifF6u+pfrUR9uBEzX3SH9JH6tRarl0eGL9N9huignCSto9sacExw133vZdvXo+FbI6uSnog+qqaJXKM2+3',
  'UZL/cbEV5fylKVgZiyngh7fOAD6DjBVtwu2ICUKBqB7ilBzwwvtd0Q9r81PTq0JG6K5a+vm1vwHf3SaVft7qpaNorz5pA0lU4/B3fJc8oPd3p0',
  'G/CDm1aj3Lt9Q+rsTPnW2VxGoVZr1TDRMsnCqdodhG/ThGEr9ybgITmMzpLeo/Sn/RhygYvThpFgGgAAAAC0QYwZ4AHnwE4mwQ1sSaXaEBNmRr',
  'PYF8kdXmvQbz46EAABmgPeOQAAnYs51bbp3xwCAAAAAApZWg==',
]);

/** `lines` with a dictionary of 512 MiB. */
export const linesXzLargeDictionary = fromBase64([
  '/Td6WFoAAATm1rRGAgAhASIAAACCQKzc4BzdAWZdADYaSh8IoCYDTQad+LKlrKig23tA5NEyGR73LeI9vcrWNU41Bsc0v1pdnkhGIx+MFeQ9/f',
  'hf910v1B4eKSSuMTdKKr49peZ+bPOMD7SltmWUpRnZZA0L5bt/UH9CAMaGHdraaq2bR8EQ/GhsCAsRfdp7n5BHqww5G7nf6mxHYz5uqAZxwnD7',
  'G/7uwZSwQ9hwQSGIvBkn73byWRm5ifF6u+pfrUR9uBEzX3SH9JH6tRarl0eGL9N9huignCSto9sacExw133vZdvXo+FbI6uSnog+qqaJXKM2+3',
  'UZL/cbEV5fylKVgZiyngh7fOAD6DjBVtwu2ICUKBqB7ilBzwwvtd0Q9r81PTq0JG6K5a+vm1vwHf3SaVft7qpaNorz5pA0lU4/B3fJc8oPd3p0',
  'G/CDm1aj3Lt9Q+rsTPnW2VxGoVZr1TDRMsnCqdodhG/ThGEr9ybgITmMzpLeo/Sn/RhygYvThpFgGgAAAABVOUATMcRK+AABggPeOQAAawu8Or',
  'HEZ/sCAAAAAARZWg==',
]);
