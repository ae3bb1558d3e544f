import { hex } from '@icecore/bytes';
import { flagNames, type FlagTable } from './flags.ts';
import { type NameTable } from './names.ts';

/** Bits above the low byte, which names the system that is imitated (include/uapi/linux/personality.h). */
const flags: FlagTable = [
  ['UNAME26', 0x002_0000],
  ['ADDR_NO_RANDOMIZE', 0x004_0000],
  ['FDPIC_FUNCPTRS', 0x008_0000],
  ['MMAP_PAGE_ZERO', 0x010_0000],
  ['ADDR_COMPAT_LAYOUT', 0x020_0000],
  ['READ_IMPLIES_EXEC', 0x040_0000],
  ['ADDR_LIMIT_32BIT', 0x080_0000],
  ['SHORT_INODE', 0x100_0000],
  ['WHOLE_SECONDS', 0x200_0000],
  ['STICKY_TIMEOUTS', 0x400_0000],
  ['ADDR_LIMIT_3GB', 0x800_0000],
];

const systems: NameTable = {
  0x00: 'PER_LINUX',
  0x01: 'PER_SVR4',
  0x02: 'PER_SVR3',
  0x03: 'PER_SCOSVR3',
  0x04: 'PER_WYSEV386',
  0x05: 'PER_ISCR4',
  0x06: 'PER_BSD',
  0x07: 'PER_XENIX',
  0x08: 'PER_LINUX32',
  0x09: 'PER_IRIX32',
  0x0a: 'PER_IRIXN32',
  0x0b: 'PER_IRIX64',
  0x0c: 'PER_RISCOS',
  0x0d: 'PER_SOLARIS',
  0x0e: 'PER_UW7',
  0x0f: 'PER_OSF4',
  0x10: 'PER_HPUX',
};

/** The system that a personality imitates, then its flags: `['PER_LINUX', 'ADDR_NO_RANDOMIZE']`. */
export function personalityNames(personality: number): string[] {
  const system = personality & 0xff;
  return [systems[system] ?? `PER_${hex(system)}`, ...flagNames(personality & ~0xff, flags)];
}
