import { hiddenRanges } from '../masking.ts';

/**
 * Bytes as `hexdump -C` prints them, at the address that the first has; repeated lines become `*`. Bytes of a secret are
 * shown as `••`; `before` and `after` are what lies around, so that a secret which only begins or ends here is known too.
 */
export function hexLines(bytes: Uint8Array, address: bigint, around: { readonly before: Uint8Array; readonly after: Uint8Array } = nothing): string[] {
  const hidden = hiddenBytes(bytes, around);
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
    const pairs = (row.toString('hex').match(/../g) ?? []).map((pair, at) => (hidden.has(i + at) ? '••' : pair));
    const digits = pairs.map((pair, at) => (at === 8 ? ` ${pair}` : pair)).join(' ');
    const letters = Array.from(text, (letter, at) => (hidden.has(i + at) ? '•' : /[\x20-\x7e]/.test(letter) ? letter : '.')).join('');
    lines.push(`${(address + BigInt(i)).toString(16).padStart(12, '0')}  ${digits.padEnd(48)}  |${letters}|`);
  }
  return lines;
}

const nothing = { before: new Uint8Array(), after: new Uint8Array() };

/** Offsets of bytes that belong to a secret, in ASCII or in UTF-16LE. */
function hiddenBytes(bytes: Uint8Array, { before, after }: { readonly before: Uint8Array; readonly after: Uint8Array }): ReadonlySet<number> {
  const hidden = new Set<number>();
  const all = Buffer.concat([before, bytes, after]);
  const hide = (from: number, to: number): void => {
    for (let at = Math.max(from, before.length); at < Math.min(to, before.length + bytes.length); at++) hidden.add(at - before.length);
  };
  for (const { start, end } of hiddenRanges(all)) hide(start, end);
  return hidden;
}
