import { auxvName, auxvPageSize, auxvTag, maxAuxvCount, parseAuxv } from './auxv.ts';
import { machineOf } from './elf.ts';

describe('auxiliary vector', () => {
  it('is a map that ends at AT_NULL', () => {
    const entries = parseAuxv([6n, 4096n, 9n, 0x401000n, 0n, 0n, 25n, 1n]);
    expect([...entries]).toEqual([[6n, 4096n], [9n, 0x401000n]]);
    expect(entries.get(auxvTag.entry)).toBe(0x401000n);
    expect(auxvName(33n)).toBe('AT_SYSINFO_EHDR');
    expect(auxvName(2n ** 60n)).toBe('AT_1152921504606846976');
  });

  it('leaves out a tag whose value is missing, and keeps the first of two', () => {
    expect([...parseAuxv([6n, 4096n, 6n, 1n, 9n])]).toEqual([[6n, 4096n]]);
  });

  it.each([4096, 16384, 65536])('tells a page size of %i bytes', (size) => {
    expect(auxvPageSize(parseAuxv([6n, BigInt(size)]))).toBe(size);
  });

  it.each([0n, 1n, 4095n, 12288n, 1n << 40n])('refuses a page size of %s bytes', (size) => {
    expect(() => auxvPageSize(parseAuxv([6n, size]))).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('knows no page size where the vector has none', () => expect(auxvPageSize(parseAuxv([]))).toBeUndefined());

  it('refuses more values than any kernel writes', () => {
    const values = new Array<bigint>(maxAuxvCount + 1).fill(1n);
    expect(() => parseAuxv(values)).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});

describe('machines', () => {
  it.each([
    [1, 'X86_64', 62, 64, 'little'],
    [2, 'ARM', 40, 32, 'little'],
    [3, 'AARCH64', 183, 64, 'little'],
    [4, 'PPC64', 21, 64, 'little'],
    [5, 'S390', 22, 64, 'big'],
    [6, 'MIPS', 8, 64, 'little'],
    [7, 'LOONGARCH64', 258, 64, 'little'],
    [8, 'RISCV64', 243, 64, 'little'],
  ])('knows mtype %i as %s', (mtype, march, elfMachine, bits, byteOrder) => {
    expect(machineOf(mtype)).toMatchObject({ march, elfMachine, bits, byteOrder });
  });

  it.each([0, 9, -1])('knows no mtype %i', (mtype) => expect(machineOf(mtype)).toBeUndefined());
});
