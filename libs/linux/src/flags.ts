import { hex } from '@icecore/bytes';

/** Names of flags with their values, in the order in which they are to be shown. */
export type FlagTable = readonly (readonly [name: string, value: number])[];

/**
 * Names of the flags set in a value. A flag of several bits counts where all of them are set, and takes them;
 * so it must stand before the flags it contains. Bits that no flag took follow as one hex number.
 */
export function flagNames(value: number | bigint, table: FlagTable): string[] {
  let left = BigInt.asUintN(64, typeof value === 'bigint' ? value : unsigned(value));
  const names: string[] = [];
  for (const [name, bits] of table) {
    const flag = BigInt(bits);
    if (flag === 0n || (left & flag) !== flag) continue;
    names.push(name);
    left &= ~flag;
  }
  if (left !== 0n) names.push(hex(left));
  return names;
}

/** Negative numbers are 32-bit values that JavaScript's operators made signed. */
function unsigned(value: number): bigint {
  return value < 0 ? BigInt(value >>> 0) : BigInt(Math.trunc(value));
}
