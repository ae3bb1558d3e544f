/** A header as a test spells it; what is left out reads as a plain file of mode 0644, owned by 0. */
export interface HeaderFields {
  readonly name: string;
  readonly type?: string;
  readonly size?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly modifiedAt?: number;
  readonly linkName?: string;
  readonly userName?: string;
  readonly groupName?: string;
  readonly deviceMajor?: number;
  readonly deviceMinor?: number;
  readonly prefix?: string;
  readonly format?: 'ustar' | 'gnu' | 'v7';
  /** Sum the header's bytes as signed ones, as some old writers did. */
  readonly signedChecksum?: boolean;
  /** Last changes to the block before the checksum is set. */
  readonly patch?: (block: Buffer) => void;
}

const blockBytes = 512;

export const endMarker = Buffer.alloc(2 * blockBytes);

/** One header block with a right checksum. */
export function header(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(blockBytes);
  block.write(fields.name, 0, 100);
  writeNumber(block, 100, 8, fields.mode ?? 0o644);
  writeNumber(block, 108, 8, fields.uid ?? 0);
  writeNumber(block, 116, 8, fields.gid ?? 0);
  writeNumber(block, 124, 12, fields.size ?? 0);
  writeNumber(block, 136, 12, fields.modifiedAt ?? 0);
  block.write(fields.type ?? '0', 156, 'latin1');
  block.write(fields.linkName ?? '', 157, 100);
  if (fields.format !== 'v7') {
    block.write(fields.format === 'gnu' ? 'ustar  \0' : 'ustar\x0000', 257, 'latin1');
    block.write(fields.userName ?? '', 265, 32);
    block.write(fields.groupName ?? '', 297, 32);
    writeNumber(block, 329, 8, fields.deviceMajor ?? 0);
    writeNumber(block, 337, 8, fields.deviceMinor ?? 0);
    block.write(fields.prefix ?? '', 345, 155);
  }
  fields.patch?.(block);
  setChecksum(block, fields.signedChecksum === true);
  return block;
}

/** Header and padded body; the size is the body's unless the fields say another. */
export function member(fields: HeaderFields, body: Uint8Array | string = ''): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([header({ size: bytes.length, ...fields }), padded(bytes)]);
}

/** A pax header with these records, before the member it describes. */
export function pax(records: readonly (readonly [string, string | Uint8Array])[], type = 'x'): Buffer {
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  return member({ name: 'PaxHeaders/x', type }, body);
}

/** GNU's long name (`L`) or long link target (`K`). */
export function longName(name: string, type = 'L'): Buffer {
  return member({ name: '././@LongLink', type, format: 'gnu' }, `${name}\0`);
}

/** Members and the end marker. */
export function tar(...members: readonly Uint8Array[]): Buffer {
  return Buffer.concat([...members, endMarker]);
}

export function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes)]);
}

/** Octal with a NUL at the end, or GNU's base-256 where it does not fit. */
export function writeNumber(block: Buffer, start: number, length: number, value: number): void {
  const octal = value >= 0 ? value.toString(8).padStart(length - 1, '0') : '';
  if (octal !== '' && octal.length < length) {
    block.write(`${octal}\0`, start, 'latin1');
    return;
  }
  let rest = BigInt.asUintN(length * 8, BigInt(value));
  for (let i = start + length - 1; i >= start; i--) {
    block[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  block[start]! |= 0x80;
}

function paxRecord(key: string, value: string | Uint8Array): Buffer {
  const tail = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = tail.length;
  while (String(length).length + tail.length !== length) length = String(length).length + tail.length;
  return Buffer.concat([Buffer.from(String(length)), tail]);
}

/** Makes the checksum right again. */
export function setChecksum(block: Buffer, signed = false): void {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + (signed && byte > 127 ? byte - 256 : byte), 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}
