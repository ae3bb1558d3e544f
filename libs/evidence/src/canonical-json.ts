/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined };

/** Deepest nesting that is written. */
export const maxCanonicalDepth = 64;

/**
 * JSON in the one form that RFC 8785 (JCS) allows: no white space, members by ascending UTF-16 code units, numbers and
 * strings as ECMAScript writes them. A member without a value is left out. Throws a `TypeError` for what JSON cannot say:
 * numbers that are not finite, halves of surrogate pairs, more than 64 levels.
 */
export function canonicalJson(value: JsonValue, depth = 0): string {
  if (depth > maxCanonicalDepth) throw new TypeError(`JSON is nested more than ${maxCanonicalDepth} levels deep`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`JSON has no number ${value}`);
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map((each) => canonicalJson(each, depth + 1)).join(',')}]`;
  const members: string[] = [];
  // The default order of `sort` is by UTF-16 code units (RFC 8785, section 3.2.3).
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) members.push(`${quoted(name)}:${canonicalJson(member, depth + 1)}`);
  }
  return `{${members.join(',')}}`;
}

export function canonicalBytes(value: JsonValue): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('JSON text has half of a surrogate pair');
  return JSON.stringify(text);
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
