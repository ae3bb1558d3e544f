import fc from 'fast-check';
import { inTreeOrder } from './process-tree.ts';

const task = (pid: number, ppid: number): { pid: number; ppid: number } => ({ pid, ppid });
const listed = (tasks: readonly { pid: number; ppid: number }[]): string[] => inTreeOrder(tasks).map(({ process, depth }) => `${'-'.repeat(depth)}${process.pid}`);

describe('processes in the order of their tree', () => {
  it.each([
    ['parents before children', [task(3, 2), task(1, 0), task(2, 1), task(4, 1)], ['1', '-2', '--3', '-4']],
    ['several roots', [task(1, 0), task(7, 0), task(8, 7)], ['1', '7', '-8']],
    ['a parent that is not there', [task(5, 99)], ['5']],
    ['a process that is its own parent', [task(1, 1), task(2, 1)], ['1', '-2']],
    ['a circle of parents', [task(1, 2), task(2, 1)], ['1', '-2']],
    ['none', [], []],
  ])('have %s', (_, tasks, expected) => {
    expect(listed(tasks)).toEqual(expected);
  });

  it('are each there once, whatever the tree says', () => {
    const tasks = fc.uniqueArray(fc.record({ pid: fc.integer({ min: 1, max: 20 }), ppid: fc.nat(20) }), { selector: ({ pid }) => pid });
    fc.assert(
      fc.property(tasks, (given) => {
        expect(inTreeOrder(given).map(({ process: { pid } }) => pid).sort()).toEqual(given.map(({ pid }) => pid).sort());
      }),
    );
  });
});
