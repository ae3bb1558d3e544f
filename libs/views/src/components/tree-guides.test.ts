import { treeGuides } from './tree-guides.ts';

describe('lines of a process tree', () => {
  it.each([
    ['one process', [0], ['']],
    ['children', [0, 1, 1], ['', '├─ ', '└─ ']],
    ['a branch between', [0, 1, 2, 1], ['', '├─ ', '│  └─ ', '└─ ']],
    ['a branch at the end', [0, 1, 2, 2], ['', '└─ ', '   ├─ ', '   └─ ']],
    ['two roots', [0, 1, 0, 1], ['', '└─ ', '', '└─ ']],
    ['none', [], []],
  ])('%s', (_name, depths, guides) => expect(treeGuides(depths)).toEqual(guides));

  it('stay narrow however deep the tree is', () => {
    expect(Math.max(...treeGuides(Array.from({ length: 2000 }, (_, i) => i)).map(({ length }) => length))).toBe(48);
  });
});
