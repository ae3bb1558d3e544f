import { flagTables, nameTables } from './show-tables.ts';

/** Bits by name, joined as CRIU's tools do; bits without a name follow in hex. */
export function showFlags(value: number, table: string): string {
  const names: string[] = [];
  let rest = value >>> 0;
  for (const [name, bits] of Object.entries(flagTables[table] ?? {})) {
    if ((value & bits) === 0) continue;
    names.push(name);
    rest = (rest & ~bits) >>> 0;
  }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`);
  return names.join(' | ');
}

export function parseFlags(text: string, table: string): number {
  let value = 0;
  for (const each of text.split('|').map((part) => part.trim())) {
    if (each === '') continue;
    const bits = flagTables[table]?.[each] ?? Number(each);
    if (!Number.isInteger(bits)) throw new TypeError(`${each} is no flag of ${table}`);
    value = (value | bits) >>> 0;
  }
  return value;
}

export function showName(value: number, table: string): string | number {
  return nameTables[table]?.[value] ?? value;
}

export function parseName(text: string, table: string): number {
  const found = Object.entries(nameTables[table] ?? {}).find(([, name]) => name === text);
  const value = found === undefined ? Number(text) : Number(found[0]);
  if (!Number.isInteger(value)) throw new TypeError(`${text} is no ${table}`);
  return value;
}

export function parseDevice(text: string, form: 'device' | 'user-device'): number {
  const [major, minor] = text.split(':').map(Number);
  if (major === undefined || minor === undefined || !Number.isInteger(major) || !Number.isInteger(minor)) {
    throw new TypeError(`${text} is not major:minor`);
  }
  if (form === 'device') return ((major << 20) | minor) >>> 0;
  return (((major & 0xfff) << 8) | (minor & 0xff) | ((minor & 0xfff00) << 12)) >>> 0;
}

/** Quoted-printable (RFC 2045, 6.7), the form in which CRIU's tools print names of unix sockets. */
export function quote(bytes: Uint8Array): string {
  let text = '';
  let column = 0;
  bytes.forEach((byte, i) => {
    const next = bytes[i + 1];
    const blankAtEnd = (byte === 0x20 || byte === 9) && (next === undefined || next === 10);
    const plain = byte === 10 || (((byte > 32 && byte < 127 && byte !== 0x3d) || byte === 0x20 || byte === 9) && !blankAtEnd);
    const piece = plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (column + piece.length >= 76 && byte !== 10) {
      text += '=\n';
      column = 0;
    }
    text += piece;
    column = byte === 10 ? 0 : column + piece.length;
  });
  return text;
}

export function unquote(text: string): Uint8Array {
  const joined = text.replace(/=\r?\n/g, '');
  const bytes: number[] = [];
  for (let i = 0; i < joined.length; i++) {
    const escaped = joined[i] === '=' ? /^[0-9A-Fa-f]{2}/.exec(joined.slice(i + 1)) : null;
    if (escaped === null) bytes.push(joined.charCodeAt(i));
    else {
      bytes.push(Number.parseInt(escaped[0], 16));
      i += 2;
    }
  }
  return Uint8Array.from(bytes);
}

/** An IPv4 or IPv6 address kept as words in network byte order, as CRIU's `inet_sk_entry` has them. */
export function showAddress(words: readonly number[]): string {
  const bytes = words.flatMap((word) => [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24]);
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
  return compressGroups(groups);
}

export function parseAddress(text: string): number[] {
  const bytes = text.includes(':') ? expandGroups(text).flatMap((group) => [group >>> 8, group & 255]) : text.split('.').map(Number);
  if ((bytes.length !== 4 && bytes.length !== 16) || bytes.some((byte) => !(byte >= 0 && byte < 256))) {
    throw new TypeError(`${text} is not an IP address`);
  }
  const words: number[] = [];
  for (let i = 0; i < bytes.length; i += 4) {
    words.push((bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)) >>> 0);
  }
  return words;
}

function compressGroups(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':');
  const zeros = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (zeros === undefined) return text;
  const before = text.slice(0, zeros.index);
  const after = text.slice(zeros.index + zeros[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

function expandGroups(text: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain = dotted === null ? text : `${dotted[1]}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`;
  const [before = '', after] = plain.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const missing = after === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...new Array<string>(Math.max(0, missing)).fill('0'), ...tail].map((group) => Number.parseInt(group, 16));
}

function pair(high: string | undefined, low: string | undefined): string {
  return ((Number(high) << 8) | Number(low)).toString(16);
}
