/** Bytes as `hexdump -C` prints them, at the address that the first has; repeated lines become `*`. */
export function hexLines(bytes: Uint8Array, address: bigint): string[] {
  const lines: string[] = [];
  let before = '';
  let repeating = false;
  for (let i = 0; i < bytes.length; i += 16) {
    const row = Buffer.from(bytes.subarray(i, i + 16));
    const text = row.toString('latin1');
    const last = i + 16 >= bytes.length;
    if (text === before && !last) {
      if (!repeating) lines.push('*');
      repeating = true;
      continue;
    }
    repeating = false;
    before = text;
    const digits = (row.toString('hex').match(/../g) ?? []).map((pair, at) => (at === 8 ? ` ${pair}` : pair)).join(' ');
    lines.push(`${(address + BigInt(i)).toString(16).padStart(12, '0')}  ${digits.padEnd(48)}  |${text.replace(/[^\x20-\x7e]/g, '.')}|`);
  }
  return lines;
}
