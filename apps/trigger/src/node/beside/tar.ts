/** A member of a tar that is to be written. */
export type TarMember = { readonly path: string; readonly mode: number; readonly uid: number; readonly gid: number; readonly mtime: number } & (
  | { readonly type: 'file'; readonly bytes: Uint8Array }
  | { readonly type: 'directory' }
  | { readonly type: 'link'; readonly target: string }
);

const block = 512;
const typeFlags = { file: '0', directory: '5', link: '2' } as const;

/** A tar in the pax form (POSIX.1-2001): names of any length and any characters. */
export function tarOf(members: readonly TarMember[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const member of members) {
    const target = member.type === 'link' ? member.target : '';
    const records = paxRecord('path', member.path) + (target === '' ? '' : paxRecord('linkpath', target));
    const pax = Buffer.from(records, 'utf8');
    pieces.push(header({ ...member, path: 'pax' }, 'x', pax.length), padded(pax));
    const bytes = member.type === 'file' ? member.bytes : new Uint8Array();
    pieces.push(header(member, typeFlags[member.type], bytes.length, target), padded(bytes));
  }
  pieces.push(new Uint8Array(2 * block));
  return Buffer.concat(pieces);
}

function header({ path, mode, uid, gid, mtime }: Pick<TarMember, 'path' | 'mode' | 'uid' | 'gid' | 'mtime'>, flag: string, size: number, target = ''): Uint8Array {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number): void => void bytes.write(Math.max(0, value).toString(8).padStart(length - 1, '0').slice(-(length - 1)), at, 'latin1');
  bytes.write(path.slice(-100), 0, 100, 'utf8');
  octal(mode, 100, 8);
  octal(uid, 108, 8);
  octal(gid, 116, 8);
  octal(size, 124, 12);
  octal(mtime, 136, 12);
  bytes.write('        ', 148, 'latin1');
  bytes.write(flag, 156, 'latin1');
  bytes.write(target.slice(0, 100), 157, 100, 'utf8');
  bytes.write('ustar\x0000', 257, 'latin1');
  octal(bytes.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return bytes;
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length += 1;
  return `${length} ${key}=${value}\n`;
}

function padded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.ceil(bytes.length / block) * block);
  result.set(bytes);
  return result;
}
