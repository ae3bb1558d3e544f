import type { MagicHit } from '../hits.ts';

/** What a format's header says. */
export interface FoundMagic {
  readonly format: MagicHit['format'];
  readonly description: string;
}

/** Bytes of a header that are looked at. */
export const magicBytes = 512;

/** One look tells nearly always that nothing begins here. */
export function mayBeMagic(buffer: Uint8Array, at: number): boolean {
  const first = buffer[at] ?? 0;
  return first === 0 ? buffer[at + 16] === 0xf3 && buffer[at + 17] === 0x0f : byFirst[first] !== undefined || buffer[at + 257] === 0x75;
}

/** What begins with these bytes, where the header behind the magic is sane; undefined for anything else. */
export function magicOf(bytes: Buffer): FoundMagic | undefined {
  return (byFirst[bytes[0] ?? 0] ?? tar)(bytes);
}

type Recogniser = (bytes: Buffer) => FoundMagic | undefined;

/** Formats by the first byte of their magic; one that begins otherwise may be a tar. */
const formats: readonly (readonly [first: number, recogniser: Recogniser])[] = [
  [0x00, closures], [0x7f, elf], [0x23, script], [0x4d, portableExecutable], [0x1f, gzip], [0x50, zip], [0x28, zstd], [0x53, sqlite],
  [0xca, javaClass], [0xd4, pcap], [0xa1, pcap], [0xfd, xz], [0x25, pdf],
];
const byFirst: readonly (Recogniser | undefined)[] = Array.from({ length: 256 }, (_none, byte) => formats.find(([first]) => first === byte)?.[1]);

function gzip(bytes: Buffer): FoundMagic | undefined {
  return bytes[1] === 0x8b && bytes[2] === 8 && ((bytes[3] ?? 0xff) & 0xe0) === 0 && (bytes[8] ?? 1) <= 4 ? { format: 'gzip', description: 'deflate' } : undefined;
}

function zstd(bytes: Buffer): FoundMagic | undefined {
  return bytes.length >= 8 && bytes.readUInt32LE(0) === 0xfd2fb528 && ((bytes[4] ?? 0xff) & 0x08) === 0 ? { format: 'zstd', description: 'a frame' } : undefined;
}

function sqlite(bytes: Buffer): FoundMagic | undefined {
  return bytes.toString('latin1', 0, 16) === 'SQLite format 3\0' ? { format: 'sqlite', description: `pages of ${bytes.readUInt16BE(16)} bytes` } : undefined;
}

function xz(bytes: Buffer): FoundMagic | undefined {
  return bytes.toString('latin1', 0, 6) === '\xfd7zXZ\0' ? { format: 'xz', description: 'a stream' } : undefined;
}

function pdf(bytes: Buffer): FoundMagic | undefined {
  return /^%PDF-[12]\.\d/.test(bytes.toString('latin1', 0, 8)) ? { format: 'pdf', description: bytes.toString('latin1', 1, 8) } : undefined;
}

function tar(bytes: Buffer): FoundMagic | undefined {
  return bytes.length >= 265 && bytes.toString('latin1', 257, 262) === 'ustar' ? { format: 'tar', description: `first member ${JSON.stringify(bytes.toString('latin1', 0, 100).split('\0')[0])}` } : undefined;
}

const elfTypes: Readonly<Record<number, string>> = { 1: 'ET_REL', 2: 'ET_EXEC', 3: 'ET_DYN', 4: 'ET_CORE' };
const elfMachines: Readonly<Record<number, string>> = { 3: 'x86', 8: 'mips', 20: 'ppc', 21: 'ppc64', 22: 's390', 40: 'arm', 62: 'x86_64', 183: 'aarch64', 243: 'riscv', 258: 'loongarch' };

/** ELF: class, data, version, type, machine and the sizes of the header's tables (gABI, chapter 4). */
function elf(bytes: Buffer): FoundMagic | undefined {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const wide = bytes[4] === 2;
  const little = bytes[5] === 1;
  if ((bytes[4] !== 1 && !wide) || (bytes[5] !== 2 && !little) || bytes[6] !== 1) return undefined;
  const half = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const type = elfTypes[half(16)];
  const machine = elfMachines[half(18)];
  if (type === undefined || machine === undefined) return undefined;
  const headerBytes = half(wide ? 52 : 40);
  const segments = half(wide ? 56 : 44);
  if (headerBytes !== (wide ? 64 : 52) || segments > 128) return undefined;
  const packed = bytes.includes('UPX!') ? ', packed by UPX' : '';
  return { format: packed === '' ? 'elf' : 'upx', description: `${type} ${machine}, ${segments} program headers${packed}` };
}

/** endbr64; lea -11(%rip),%r10; jmp *7(%rip) */
const trampoline = Buffer.from('f30f1efa4c8d15f5ffffffff2507000000', 'hex');

/** What libffi allocates for callbacks (`src/closures.c`, `src/x86/ffi64.c`): chunks of dlmalloc, each with a jump that is always the same. */
function closures(bytes: Buffer): FoundMagic | undefined {
  const found = bytes.length >= 64 && bytes.readBigUInt64LE(0) === 0n && bytes.subarray(16, 16 + trampoline.length).equals(trampoline);
  return found ? { format: 'ffi_closures', description: 'callbacks of libffi' } : undefined;
}

function script(bytes: Buffer): FoundMagic | undefined {
  const line = /^#! ?(\/[\x21-\x7e]{1,100}(?: [\x20-\x7e]{0,60})?)(?:\n|\0|$)/.exec(bytes.toString('latin1', 0, 180));
  return line === null ? undefined : { format: 'script', description: (line[1] ?? '').trim() };
}

function portableExecutable(bytes: Buffer): FoundMagic | undefined {
  if (bytes[1] !== 0x5a || bytes.length < 0x40) return undefined;
  const at = bytes.readUInt32LE(0x3c);
  return at >= 0x40 && at + 4 <= bytes.length && bytes.readUInt32BE(at) === 0x50450000 ? { format: 'pe', description: `machine 0x${bytes.readUInt16LE(at + 4).toString(16)}` } : undefined;
}

function zip(bytes: Buffer): FoundMagic | undefined {
  if (bytes.length < 30 || bytes.readUInt32LE(0) !== 0x04034b50) return undefined;
  const nameBytes = bytes.readUInt16LE(26);
  if (bytes.readUInt16LE(4) > 100 || nameBytes === 0 || nameBytes > 400) return undefined;
  return { format: 'zip', description: `first member ${JSON.stringify(bytes.toString('latin1', 30, 30 + Math.min(nameBytes, 100)))}` };
}

function javaClass(bytes: Buffer): FoundMagic | undefined {
  if (bytes.length < 10 || bytes.readUInt32BE(0) !== 0xcafebabe) return undefined;
  const version = bytes.readUInt16BE(6);
  return version >= 45 && version <= 80 ? { format: 'java_class', description: `version ${version}` } : undefined;
}

function pcap(bytes: Buffer): FoundMagic | undefined {
  const magic = bytes.length >= 24 ? bytes.readUInt32LE(0) : 0;
  const swapped = magic === 0xd4c3b2a1;
  if (magic !== 0xa1b2c3d4 && !swapped) return undefined;
  const major = swapped ? bytes.readUInt16BE(4) : bytes.readUInt16LE(4);
  return major === 2 ? { format: 'pcap', description: 'packets' } : undefined;
}
