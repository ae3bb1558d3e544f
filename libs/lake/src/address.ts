import { bigint, nullable, type PlainColumn, text } from './column.ts';
import { LakeError } from './errors.ts';

const maxSigned = 2n ** 63n - 1n;
const minSigned = -(2n ** 63n);
const maxUnsigned = 2n ** 64n - 1n;

/** The two columns of an address that every row has. */
export type AddressColumns<Name extends string> = {
  readonly [Key in `${Name}_hex`]: PlainColumn<'text', false>;
} & { readonly [Key in Name]: PlainColumn<'bigint', true> };

/** The two columns of an address that a row may lack. */
export type NullableAddressColumns<Name extends string> = {
  readonly [Key in `${Name}_hex`]: PlainColumn<'text', true>;
} & { readonly [Key in Name]: PlainColumn<'bigint', true> };

/**
 * The columns of an unsigned 64-bit address, for spreading into a table: `<name>_hex` with 16 lower-case digits,
 * which sorts and can be searched by prefix, and `<name>` as a number, NULL where a signed 64-bit number cannot
 * hold it.
 *
 * @example defineTable({ columns: { ...address('start', 'First byte of the area.') }, … })
 */
export function address<const Name extends string>(name: Name, description: string): AddressColumns<Name>;
export function address(name: string, description: string): Record<string, PlainColumn> {
  return { [`${name}_hex`]: text(hexDescription(description)), [name]: nullable(bigint(numberDescription(description))) };
}

/** The columns of an address that may be unknown; both are NULL then. */
export function nullableAddress<const Name extends string>(name: Name, description: string): NullableAddressColumns<Name>;
export function nullableAddress(name: string, description: string): Record<string, PlainColumn> {
  return {
    [`${name}_hex`]: nullable(text(hexDescription(description))),
    [name]: nullable(bigint(numberDescription(description))),
  };
}

/** The values of the columns that `address` makes. Refuses a value that is no unsigned 64-bit number. */
export function addressValues<const Name extends string>(
  name: Name,
  value: bigint,
): { readonly [Key in `${Name}_hex`]: string } & { readonly [Key in Name]: bigint | null };
export function addressValues(name: string, value: bigint): Record<string, string | bigint | null> {
  return { [`${name}_hex`]: addressHex(value), [name]: signedOrNull(value) };
}

/** The values of the columns that `nullableAddress` makes. */
export function nullableAddressValues<const Name extends string>(
  name: Name,
  value: bigint | null,
): { readonly [Key in `${Name}_hex`]: string | null } & { readonly [Key in Name]: bigint | null };
export function nullableAddressValues(name: string, value: bigint | null): Record<string, string | bigint | null> {
  return value === null ? { [`${name}_hex`]: null, [name]: null } : addressValues(name, value);
}

/** Sixteen lower-case hex digits, without `0x`: the form of all `_hex` columns. */
export function addressHex(value: bigint): string {
  if (value < 0n || value > maxUnsigned) throw new LakeError('invalid_value', `${value} is not an unsigned 64-bit number`);
  return value.toString(16).padStart(16, '0');
}

/** The value where a signed 64-bit number can hold it, else null: the lake's engines know no unsigned numbers. */
export function signedOrNull(value: bigint): bigint | null {
  return value >= minSigned && value <= maxSigned ? value : null;
}

function hexDescription(description: string): string {
  return `${description} Sixteen hex digits.`;
}

function numberDescription(description: string): string {
  return `${description} NULL above 2^63 - 1.`;
}
