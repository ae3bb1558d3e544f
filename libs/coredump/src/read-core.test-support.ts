/* Reads a core file back, by the ELF specification and not by the code that wrote it. */

export interface ReadHeader {
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly fileBytes: bigint;
  readonly memoryBytes: bigint;
  readonly alignment: bigint;
}

export interface ReadNote {
  readonly owner: string;
  readonly type: number;
  readonly description: Buffer;
}

export interface ReadCore {
  readonly machine: number;
  readonly headers: readonly ReadHeader[];
  readonly notes: readonly ReadNote[];
}

export function readCore(file: Buffer): ReadCore {
  if (file.toString('latin1', 0, 7) !== '\x7fELF\x02\x01\x01') throw new Error('not a little-endian ELF64 file');
  if (file.readUInt16LE(16) !== 4) throw new Error('not a core file');
  const start = Number(file.readBigUInt64LE(32));
  const sections = Number(file.readBigUInt64LE(40));
  const size = file.readUInt16LE(54);
  const said = file.readUInt16LE(56);
  const count = said === 0xffff ? file.readUInt32LE(sections + 44) : said;
  const headers = Array.from({ length: count }, (_, i) => readHeader(file, start + size * i));
  const notes = headers.filter(({ type }) => type === 4).flatMap(({ offset, fileBytes }) => readNotes(file.subarray(Number(offset), Number(offset + fileBytes))));
  return { machine: file.readUInt16LE(18), headers, notes };
}

/** The bytes at an address as ELF has them, or undefined where some are in no segment. */
export function readMemory(file: Buffer, { headers }: ReadCore, address: bigint, length: number): Buffer | undefined {
  const header = headers.find((each) => each.type === 1 && each.address <= address && address + BigInt(length) <= each.address + each.memoryBytes);
  if (header === undefined) return undefined;
  const bytes = Buffer.alloc(length);
  const from = Number(header.offset + address - header.address);
  file.copy(bytes, 0, from, Math.min(from + length, Number(header.offset + header.fileBytes)));
  return bytes;
}

function readHeader(file: Buffer, at: number): ReadHeader {
  const long = (i: number): bigint => file.readBigUInt64LE(at + 8 * i);
  return {
    type: file.readUInt32LE(at),
    flags: file.readUInt32LE(at + 4),
    offset: long(1),
    address: long(2),
    fileBytes: long(4),
    memoryBytes: long(5),
    alignment: long(6),
  };
}

function readNotes(bytes: Buffer): ReadNote[] {
  const notes: ReadNote[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [nameBytes, size, type] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)];
    const start = at + 12 + Math.ceil(nameBytes / 4) * 4;
    const owner = bytes.toString('latin1', at + 12, at + 12 + nameBytes - 1);
    at = start + Math.ceil(size / 4) * 4;
    if (at > bytes.length) throw new Error('note runs past the end');
    notes.push({ owner, type, description: bytes.subarray(start, start + size) });
  }
  return notes;
}
