/** AF_INET and AF_INET6, the families whose addresses this file knows. */
export const addressFamily = { inet: 2, inet6: 10 } as const;

/**
 * Text of an address that CRIU stores as u32 words in network byte order, read as little-endian integers:
 * the first byte of the address is the low byte of the first word.
 * Undefined where there are fewer words than the family (AF_INET, AF_INET6) needs, or for another family.
 */
export function formatIpAddress(words: readonly number[], family: number): string | undefined {
  const count = family === addressFamily.inet ? 1 : family === addressFamily.inet6 ? 4 : 0;
  if (count === 0 || words.length < count) return undefined;
  const bytes = new Uint8Array(count * 4);
  for (const [index, word] of words.slice(0, count).entries()) {
    for (let i = 0; i < 4; i++) bytes[index * 4 + i] = word >>> (8 * i);
  }
  return formatIpBytes(bytes);
}

/** Text of an address of 4 or 16 bytes in network byte order; undefined for any other length. */
export function formatIpBytes(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0));
  if (isMapped(groups)) return `::ffff:${bytes.subarray(12).join('.')}`;
  return formatGroups(groups);
}

/** The IPv4 address inside `::ffff:1.2.3.4`; any other text as it is. */
export function unmapIpv4(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}

function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

/** RFC 5952: lower case, no leading zeros, the first of the longest runs of two or more zeros as `::`. */
function formatGroups(groups: readonly number[]): string {
  let start = 0;
  let length = 1;
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (end < groups.length && groups[end] === 0) end += 1;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}
