import { flagNames } from './flags.ts';
import { mapFlags, pagemapFlags, permissions, protectionFlags, sealFlags, vmaStatusFlags } from './memory-flags.ts';
import { mountFlags } from './mount-flags.ts';
import { namespaceFlags, namespaceKind } from './namespaces.ts';
import { openFlags } from './open-flags.ts';

describe('flags', () => {
  it.each([
    [0o100000, ['O_RDONLY', 'O_LARGEFILE']],
    [0o102002, ['O_RDWR', 'O_APPEND', 'O_LARGEFILE']],
    [0o1101, ['O_WRONLY', 'O_CREAT', 'O_TRUNC']],
    [0o10000000, ['O_RDONLY', 'O_PATH']],
    [0o20200002, ['O_RDWR', 'O_TMPFILE']],
    [0o200000, ['O_RDONLY', 'O_DIRECTORY']],
    [0o4010000, ['O_RDONLY', 'O_SYNC']],
    [0o10000, ['O_RDONLY', 'O_DSYNC']],
    [0o40000000, ['O_RDONLY', '0x800000']],
  ])('reads open flags %i', (value, names) => expect(openFlags(value)).toEqual(names));

  it('reads the four open flags that arm64 and PowerPC have elsewhere', () => {
    expect(openFlags(0o600000, 'powerpc')).toEqual(['O_RDONLY', 'O_LARGEFILE', 'O_DIRECT']);
    expect(openFlags(0o200001, 'arm')).toEqual(['O_WRONLY', 'O_DIRECT']);
    expect(openFlags(0o40000, 'arm')).toEqual(['O_RDONLY', 'O_DIRECTORY']);
    expect(openFlags(0o400002, 'arm')).toEqual(['O_RDWR', 'O_LARGEFILE']);
  });

  it.each([
    ['protection', 7, protectionFlags, ['PROT_READ', 'PROT_WRITE', 'PROT_EXEC']],
    ['mapping', 0x122, mapFlags, ['MAP_PRIVATE', 'MAP_ANONYMOUS', 'MAP_GROWSDOWN']],
    ['validated sharing', 0x3, mapFlags, ['MAP_SHARED_VALIDATE']],
    ['VMA status', 0x201, vmaStatusFlags, ['VMA_AREA_REGULAR', 'VMA_ANON_PRIVATE']],
    ['VMA guard', 0x1_0200, vmaStatusFlags, ['VMA_ANON_PRIVATE', 'VMA_AREA_GUARD']],
    ['top VMA status', -(2 ** 31), vmaStatusFlags, ['VMA_UNSUPP']],
    ['unknown VMA status', 2 ** 20, vmaStatusFlags, ['0x100000']],
    ['pagemap', 6, pagemapFlags, ['PE_LAZY', 'PE_PRESENT']],
    ['seal', 0xf, sealFlags, ['F_SEAL_SEAL', 'F_SEAL_SHRINK', 'F_SEAL_GROW', 'F_SEAL_WRITE']],
    ['mount', 0x20_0006, mountFlags, ['MS_NOSUID', 'MS_NODEV', 'MS_RELATIME']],
    ['namespace', 0x6002_0080, namespaceFlags, ['CLONE_NEWTIME', 'CLONE_NEWNS', 'CLONE_NEWPID', 'CLONE_NEWNET']],
  ])('reads %s flags', (_, value, table, names) => expect(flagNames(value, table)).toEqual(names));

  it('shows the bits that no name covers as one hex number, beyond 32 bits too', () => {
    expect(flagNames(0x1_0000_0005n, protectionFlags)).toEqual(['PROT_READ', 'PROT_EXEC', '0x100000000']);
    expect(flagNames(0n, protectionFlags)).toEqual([]);
  });

  it('shows permissions as /proc does', () => {
    expect(permissions(5, 0x2)).toBe('r-xp');
    expect(permissions(3, 0x1)).toBe('rw-s');
    expect(permissions(0, 0x22)).toBe('---p');
  });

  it('names the one namespace that a flag makes, and none for two', () => {
    expect(namespaceKind(0x4000_0000)).toBe('net');
    expect(namespaceKind(0x4000_0080)).toBeUndefined();
  });
});
