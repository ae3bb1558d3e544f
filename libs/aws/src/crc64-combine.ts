/** Reflected polynomial of CRC-64/NVME: NVM Express NVM Command Set 1.0, section 5.2.1.3.4. */
const polynomial = 0x9a6c9329ac4bc9b5n;
/** The polynomial 1, in the reflected order of the checksum: its highest bit is the coefficient of x^0. */
const one = 1n << 63n;

/**
 * CRC-64/NVME of two runs of bytes, one after the other, from the checksums of each: 16 lower-case hex digits.
 * `secondBytes` is the length of the second run. So parts are checksummed once, for themselves and for the whole.
 */
export function combineCrc64(first: string, second: string, secondBytes: number): string {
  const shifted = multiply(BigInt(`0x${first}`), power(BigInt(secondBytes) * 8n));
  return (shifted ^ BigInt(`0x${second}`)).toString(16).padStart(16, '0');
}

/** x^exponent modulo the polynomial. */
function power(exponent: bigint): bigint {
  let result = one;
  let square = one >> 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

function multiply(left: bigint, right: bigint): bigint {
  let product = 0n;
  let shifted = right;
  for (let bit = one; bit > 0n; bit >>= 1n) {
    if ((left & bit) !== 0n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
