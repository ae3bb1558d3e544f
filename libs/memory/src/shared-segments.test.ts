import { memorySource } from '@icecore/bytes';
import { addressSpace, type AddressSpace, type MappedArea } from './address-space.ts';
import type { PageSet } from './page-set.ts';
import { scanPlan } from './scan-plan.ts';

const pageSize = 4096;

/** Pages that each are filled with one letter; a blank stands for a page that the set does not have. */
function pageSet(image: string, start: number, letters: string): PageSet {
  const stored = letters.replaceAll(' ', '');
  const pages = memorySource(Buffer.concat([...stored].map((letter) => Buffer.alloc(pageSize, letter))));
  let offset = 0;
  const runs = [...letters].flatMap((letter, i) => {
    if (letter === ' ') return [];
    const address = start + i * pageSize;
    const run = { start: address, end: address + pageSize, state: 'stored', offset, compressed: undefined } as const;
    offset += pageSize;
    return [run];
  });
  return { image, pageSize, pagesImage: `${image}.pages`, pages, runs, parent: undefined, gaps: [] };
}

function space(pid: number, start: bigint, pageCount: number, backing: MappedArea['backing'], own = ''): AddressSpace {
  const end = start + BigInt(pageCount * pageSize);
  return addressSpace(pid, pageSize, [{ start, end, backing }], pageSet(`own-${pid}`, Number(start), own));
}

async function letters(memory: AddressSpace, start: bigint, pageCount: number): Promise<string> {
  const { bytes } = await memory.read(start, pageCount * pageSize);
  return Array.from({ length: pageCount }, (_, i) => String.fromCharCode(bytes[i * pageSize] ?? 0)).join('');
}

describe('a shared segment', () => {
  const segment = pageSet('segment', 0, 'AB D');

  it('shows from the offset on that it is mapped at, with zeros where it was never written', async () => {
    const memory = space(1, 0x10000n, 3, { kind: 'shared', segment, offset: 4096n });
    expect(await letters(memory, 0x10000n, 3)).toBe('B\0D');
    const { parts } = await memory.read(0x10000n, 3 * pageSize);
    expect(parts.map(({ state }) => state)).toEqual(['stored', 'zero', 'stored']);
  });

  it('lies under the pages that a process has copies of its own of', async () => {
    const memory = space(1, 0x10000n, 3, { kind: 'private', over: { segment, offset: 4096n } }, 'x ');
    expect(await letters(memory, 0x10000n, 3)).toBe('x\0D');
  });

  it('is in a plan once, with the address of each process that sees it', () => {
    const first = space(1, 0x10000n, 4, { kind: 'shared', segment, offset: 0n });
    const second = space(2, 0x50000n, 2, { kind: 'shared', segment, offset: 4096n });
    const plan = scanPlan([first, second]).filter(({ pagesImage }) => pagesImage === 'segment.pages');
    expect(plan.map(({ offset, length, owners }) => ({ offset, length, owners }))).toEqual([
      { offset: 0, length: 4096, owners: [{ pid: 1, address: 0x10000n }] },
      { offset: 4096, length: 4096, owners: [{ pid: 1, address: 0x11000n }, { pid: 2, address: 0x50000n }] },
      { offset: 8192, length: 4096, owners: [{ pid: 1, address: 0x13000n }] },
    ]);
  });

  it('that nobody has mapped is in a plan under its own offsets', () => {
    const plan = scanPlan([], [segment]);
    expect(plan.map(({ owners }) => owners)).toEqual([[{ pid: undefined, address: 0n }], [{ pid: undefined, address: 4096n }], [{ pid: undefined, address: 12288n }]]);
  });
});
