import { formatKernelDevice, formatUserDevice, kernelDevice, userDevice } from './devices.ts';
import { fileLockKind, fileLockType } from './file-locks.ts';
import { fileType, formatMode } from './files.ts';
import { filesystemName } from './filesystems.ts';

describe('files', () => {
  it.each([
    [0o100755, '-rwxr-xr-x', 'regular'],
    [0o104755, '-rwsr-xr-x', 'regular'],
    [0o102644, '-rw-r-Sr--', 'regular'],
    [0o041777, 'drwxrwxrwt', 'directory'],
    [0o041776, 'drwxrwxrwT', 'directory'],
    [0o120777, 'lrwxrwxrwx', 'symlink'],
    [0o020620, 'crw--w----', 'character'],
    [0o060660, 'brw-rw----', 'block'],
    [0o010600, 'prw-------', 'fifo'],
    [0o140755, 'srwxr-xr-x', 'socket'],
    [0o000600, '?rw-------', undefined],
  ])('shows mode %i as ls does', (mode, text, type) => {
    expect(formatMode(mode)).toBe(text);
    expect(fileType(mode)).toBe(type);
  });

  it('reads both encodings of a device number', () => {
    expect(kernelDevice(0x0080_0001)).toEqual({ major: 8, minor: 1 });
    expect(formatKernelDevice(0xfff0_0001)).toBe('4095:1');
    expect(formatUserDevice(0x801)).toBe('8:1');
    expect(formatUserDevice(0x8800n)).toBe('136:0');
    expect(userDevice(0xabcd_e123_4567_89ffn)).toEqual({ major: 0xabcde789, minor: 0x123456ff });
  });

  it.each([
    [1, undefined, 'proc'],
    [5, undefined, 'tmpfs'],
    [17, undefined, 'overlay'],
    [23, undefined, 'cgroup2'],
    [16, 'ext4', 'ext4'],
    [16, undefined, undefined],
    [0, undefined, undefined],
    [99, undefined, 'fstype_99'],
  ])('names filesystem %s (%s)', (fstype, fsname, name) => expect(filesystemName(fstype, fsname)).toBe(name));

  it.each([
    [1, 1, 'POSIX', 'F_WRLCK'],
    [2, 0, 'FLOCK', 'LOCK_SH'],
    [2, 1, 'FLOCK', 'LOCK_EX'],
    [2, 32 | 192, 'FLOCK', 'LOCK_MAND|LOCK_RW'],
    [4, 0, 'OFDLCK', 'F_RDLCK'],
    [8, 0, 'LEASE', 'F_RDLCK'],
    [8, 4, 'LEASE', 'F_RDLCK|BREAKING'],
    [16, 9, 'lock_16', 'F_9'],
  ])('reads a lock of flag %i and type %i', (flag, type, kind, name) => {
    expect(fileLockKind(flag)).toBe(kind);
    expect(fileLockType(flag, type)).toBe(name);
  });
});
