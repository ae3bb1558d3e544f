/**
 * An IP address as 32 lower-case hex digits, IPv4 as `::ffff:a.b.c.d` of RFC 4291: in this form a network is a range
 * of text. Null for what is no address.
 */
export function addressKey(address: string): string | null {
  const plain = address.replace(/%.*$/, '');
  const four = fourBytes(plain);
  if (four !== undefined) return `${'0'.repeat(20)}ffff${four}`;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  const embedded = tail === null ? undefined : fourBytes(tail[2] ?? '');
  if (tail !== null && embedded === undefined) return null;
  return sixteenBytes(embedded === undefined ? plain : `${tail?.[1] ?? ''}${embedded.slice(0, 4)}:${embedded.slice(4)}`);
}

/** First and last address of a network in the form of `addressKey`; undefined for what is none: `10.0.0.0/8`, `fd00::/8`. */
export function networkKeys(network: string): { readonly first: string; readonly last: string } | undefined {
  const [address = '', bits = ''] = network.split('/', 2);
  const key = addressKey(address);
  if (key === null || network.split('/').length !== 2 || !/^\d{1,3}$/.test(bits)) return undefined;
  const isFour = !address.includes(':');
  const prefix = Number(bits) + (isFour ? 96 : 0);
  if (prefix > 128) return undefined;
  const hostBits = (1n << BigInt(128 - prefix)) - 1n;
  const value = BigInt(`0x${key}`);
  const digits = (number: bigint): string => number.toString(16).padStart(32, '0');
  return { first: digits(value & ~hostBits), last: digits(value | hostBits) };
}

function fourBytes(text: string): string | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const parts = match?.slice(1).map(Number) ?? [];
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.map((part) => part.toString(16).padStart(2, '0')).join('');
}

function sixteenBytes(text: string): string | null {
  if (!/^[0-9a-f:]{2,39}$/i.test(text)) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = halves.length === 2 ? [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right] : left;
  if (groups.length !== 8 || groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.map((group) => group.toLowerCase().padStart(4, '0')).join('');
}
