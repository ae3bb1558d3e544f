/** A member of a tar to be made. */
export interface Member {
  readonly name: string;
  readonly body: Uint8Array;
  /** The type flag; a plain file by default. */
  readonly type?: string;
  readonly linkName?: string;
  /** Size that the header states, where it is not that of the body. */
  readonly size?: number;
}

const blockBytes = 512;

/** A tar of these members, whatever they are. Names longer than a header takes get a GNU header of their own. */
export function forgeTar(members: readonly Member[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const member of members) {
    const name = Buffer.from(member.name);
    if (name.length > 100) parts.push(forgeHeader({ name: '././@LongLink', type: 'L', body: name }), padded(name));
    parts.push(forgeHeader(member), padded(member.body));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * blockBytes)]);
}

export function file(name: string, body: Uint8Array | string = ''): Member {
  return { name, body: typeof body === 'string' ? Buffer.from(body) : body };
}

/** One header block (GNU), its checksum right. */
export function forgeHeader({ name, type = '0', linkName = '', body, size = body.length }: Member): Buffer {
  const block = Buffer.alloc(blockBytes);
  block.write(name.slice(0, 100), 0, 100);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  writeSize(block, 124, size);
  block.write('14000000000\0', 136);
  block.write(type, 156, 1, 'latin1');
  block.write(linkName, 157, 100);
  block.write('ustar  \0', 257);
  block.write('0000001\0', 329);
  block.write('0000003\0', 337);
  return withChecksum(block);
}

/** A size as octal digits, or as a binary number where they do not hold it. */
export function writeSize(block: Buffer, at: number, size: number): void {
  if (size < 8 ** 11) block.write(`${size.toString(8).padStart(11, '0')}\0`, at, 'latin1');
  else {
    block.fill(0, at, at + 12);
    block.writeBigUInt64BE(BigInt(size), at + 4);
    block[at] = 0x80;
  }
}

/** Makes the checksum of a header right again. */
export function withChecksum(block: Buffer): Buffer {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % blockBytes;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(blockBytes - rest)]);
}
