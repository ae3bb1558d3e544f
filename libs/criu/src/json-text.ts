/*
 * JSON whose whole numbers are exact. CRIU's images hold 64-bit numbers, which JSON allows and JavaScript's numbers
 * do not: here they are bigints beyond 2^53 and come back as they were.
 */

declare global {
  interface JSON {
    /** Text that `stringify` takes over as it is (ECMAScript, source text access). */
    rawJSON(text: string): unknown;
  }
}

export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export function stringifyJson(value: JsonValue, indent = 2): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? JSON.rawJSON(each.toString()) : each), indent);
}

/** Parses JSON; whole numbers that a JavaScript number cannot hold become bigints. */
export function parseJson(text: string): JsonValue {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    return context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
  };
  return asJsonValue(JSON.parse(text, revive));
}

function asJsonValue(value: unknown): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(asJsonValue);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asJsonValue(each)]));
  throw new TypeError(`${typeof value} is not a JSON value`);
}

/** A plain value as JSON: bytes in base64, fields that are undefined left out, keys in CRIU's style. */
export function plainJson(value: unknown): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object') return null;
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(fields.map(([key, each]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), plainJson(each)]));
}

export function isJsonObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
