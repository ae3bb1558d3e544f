import { memorySource } from '@icecore/bytes';
import { addressSpace, type AddressSpace } from '@icecore/memory';
import { readArguments, readEnvironment } from './program-text.ts';

const start = 0x10000n;
const pageSize = 4096;

/** One page of a process that begins with the text. */
function spaceWith(text: string): AddressSpace {
  const page = new Uint8Array(pageSize);
  page.set(Buffer.from(text));
  const run = { start: Number(start), end: Number(start) + pageSize, state: 'stored', offset: 0, compressed: undefined } as const;
  const pages = { image: 'pagemap-1.img', pageSize, pagesImage: 'pages-1.img', pages: memorySource(page), runs: [run], parent: undefined, gaps: [] };
  return addressSpace(1, pageSize, [{ start, end: start + BigInt(pageSize), backing: { kind: 'private', over: 'zeros' } }], pages);
}

function area(from: number, to: number): [bigint, bigint] {
  return [start + BigInt(from), start + BigInt(to)];
}

describe('arguments', () => {
  const cases = [
    ['are strings that end in NUL', 'sh\0-c\0\0A=1\0', area(0, 7), area(7, 11), ['sh', '-c', '']],
    ['end where they end, although what follows is no environment', 'sh\0-cA=1\0', area(0, 5), area(100, 110), ['sh', '-c']],
    ['are one title where a program wrote it over them and beyond', 'nginx: master process nginx\0\0', area(0, 10), area(10, 28), ['nginx: master process nginx']],
    ['are none where there are none', 'A=1\0', area(0, 0), area(0, 4), []],
  ] as const;
  for (const [title, text, own, environment, values] of cases) {
    it(title, async () => {
      expect(await readArguments(spaceWith(text), own, environment)).toEqual({ state: 'captured', values });
    });
  }

  it('are told as partial where only their beginning is in the archive', async () => {
    const text = 'a\0'.repeat(pageSize / 2);
    const found = await readArguments(spaceWith(text), area(0, pageSize + 2), area(0, 0));
    expect(found).toMatchObject({ state: 'partial', reason: 'memory is unmapped' });
  });
});

describe('the environment', () => {
  const cases = [
    ['keeps what a program wrote there and leaves the NULs behind it', 'nx -c\0\0\0\0', area(0, 9), ['nx -c']],
    ['keeps an empty string that others follow', 'A=1\0\0B=2\0', area(0, 9), ['A=1', '', 'B=2']],
    ['is empty where all of it is NUL', '\0\0\0', area(0, 3), []],
  ] as const;
  for (const [title, text, own, values] of cases) {
    it(title, async () => {
      expect(await readEnvironment(spaceWith(text), ...own)).toEqual({ state: 'captured', values });
    });
  }
});
