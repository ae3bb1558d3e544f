import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockScanner, type Stretch, YaraScanError } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import { yaraEngine } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-yara-'));
afterAll(() => rmSync(folder, { recursive: true }));
function rules(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('YARA rules', () => {
  const hello = rules('hello.yar', 'rule Hello : greeting { meta: author = "me" level = 3 strings: $a = "hello" wide ascii $b = { 68 65 6c } condition: any of them }');

  it('match where their strings are, with the file that they are from', () => {
    expect(yaraEngine([hello]).scan(Buffer.from('.. hello'))).toEqual([
      { rule: 'Hello', namespace: 'hello.yar', tags: ['greeting'], meta: { author: 'me', level: '3' }, string: '$a', offset: 3, length: 5 },
      { rule: 'Hello', namespace: 'hello.yar', tags: ['greeting'], meta: { author: 'me', level: '3' }, string: '$b', offset: 3, length: 3 },
    ]);
  });

  it('of several files are applied together', () => {
    const elf = rules('elf.yar', 'rule Elf { condition: uint32(0) == 0x464c457f }');
    expect(yaraEngine([hello, elf]).scan(Buffer.from('\x7fELF hello', 'latin1')).map(({ rule }) => rule).sort()).toEqual(['Elf', 'Hello', 'Hello']);
  });

  it.each([
    ['broken.yar', 'rule Broken {\n condition:\n foo }', 3],
    ['cut.yar', 'rule Cut { strings: $a = "x', undefined],
  ])('that are wrong are refused, with the file and the line: %s', (name, text, line) => {
    const path = rules(name, text);
    try {
      yaraEngine([hello, path]);
      throw new Error('was not refused');
    } catch (error) {
      expect(error).toMatchObject({ name: 'YaraRuleError', file: path, ...(line === undefined ? {} : { line }) });
    }
  });

  it('are applied to memory in the scan, and tell the address', async () => {
    const stretch = memoryOf('hello');
    const scanner = blockScanner({ key: secretKey(new Uint8Array(32)), yara: yaraEngine([hello]) });
    const { hits } = await scanner.scan({ stretch, start: 0, end: stretch.length });
    expect(hits).toMatchObject([{ kind: 'yara', rule: 'Hello', string: '$a', place: { owners: [{ pid: 7, address: 0x1000n + 4321n }] } }, { kind: 'yara', string: '$b' }]);
  });

  it('that cannot be applied to a block leave its other hits, and say so', async () => {
    const stretch = memoryOf('http://198.51.100.7/x');
    const yara = {
      scan: () => {
        throw new YaraScanError('scan timed out');
      },
    };
    const { hits, yaraFailure } = await blockScanner({ key: secretKey(new Uint8Array(32)), yara }).scan({ stretch, start: 0, end: stretch.length });
    expect(yaraFailure).toBe('scan timed out');
    expect(hits).toContainEqual(expect.objectContaining({ kind: 'indicator', value: 'http://198.51.100.7/x' }));
  });
});

/** Memory of process 7 from 0x1000 on, with a text at 4321. */
function memoryOf(text: string): Stretch {
  const bytes = Buffer.alloc(10_000);
  bytes.write(text, 4321);
  return {
    length: bytes.length,
    pageBytes: 4096,
    subject: 'test',
    placeOf: (offset) => ({ kind: 'memory', owners: [{ pid: 7, address: 0x1000n + BigInt(offset) }], region: 'heap', permissions: 'rw-p', image: 'pages-1.img', offset }),
    read: async (target, offset) => void target.set(bytes.subarray(offset, offset + target.length)),
  };
}
