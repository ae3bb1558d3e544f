/**
 * A number of a tar header: octal digits up to a NUL or a space, spaces before them allowed, 0 where there are
 * none. Undefined where the field holds anything else.
 */
export function parseOctal(field: Uint8Array): number | undefined {
  let i = 0;
  while (i < field.length && field[i] === 0x20) i += 1;
  let value = 0;
  for (; i < field.length; i++) {
    const byte = field[i]!;
    if (byte === 0 || byte === 0x20) return value;
    if (byte < 0x30 || byte > 0x37) return undefined;
    value = value * 8 + (byte - 0x30);
  }
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * The same, or GNU's base-256 form: the top bit of the first byte set, then a big-endian two's complement number.
 * Undefined where it does not fit in 53 bits.
 */
export function parseNumber(field: Uint8Array): number | undefined {
  const first = field[0] ?? 0;
  if ((first & 0x80) === 0) return parseOctal(field);
  const negative = (first & 0x40) !== 0;
  let value = negative ? -1n : 0n;
  value = (value << 6n) | BigInt(first & 0x3f);
  for (const byte of field.subarray(1)) value = (value << 8n) | BigInt(byte);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A decimal number as pax records write counts and sizes; undefined for signs, fractions and more than 53 bits. */
export function parseDecimal(text: string): number | undefined {
  if (!/^[0-9]{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
