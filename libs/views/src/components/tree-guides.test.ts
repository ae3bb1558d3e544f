import { boundariesBehind, treeGuides } from './tree-guides.ts';

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

describe('boundaries in a process tree', () => {
  it.each([
    ['none', [[0, false], [1, false]], [0, 0]],
    ['a branch behind one, and its sibling that is not', [[0, false], [1, true], [2, false], [1, false]], [0, 1, 1, 0]],
    ['one behind another', [[0, false], [1, true], [2, true], [3, false], [2, false]], [0, 1, 2, 2, 1]],
    ['siblings that each cross one', [[0, false], [1, true], [1, true]], [0, 1, 1]],
  ] as const)('%s', (_name, lines, behind) => expect(boundariesBehind(lines.map(([depth, crosses]) => ({ depth, crosses })))).toEqual(behind));
});
