/** Deepest nesting of a request that is followed. */
export const maxJsonDepth = 64;

/** A request that is not what it says it is. */
export class MalformedAlert extends Error {
  override readonly name = 'MalformedAlert';
  readonly status: 400 | 422;

  constructor(status: 400 | 422, reason: string) {
    super(reason);
    this.status = status;
  }
}

/**
 * Parses JSON and keeps integers exact: those past 2^53, as the nanoseconds of Falco, become bigint. Keys that would
 * reach an object's prototype are dropped. Throws `MalformedAlert` for anything else than JSON.
 */
export function parseExactJson(text: string): unknown {
  requireDepth(text);
  const exact = (key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (key === '__proto__') return undefined;
    const { source } = context ?? {};
    if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value;
    return /^-?\d{1,40}$/.test(source) ? BigInt(source) : value;
  };
  try {
    return JSON.parse(text, exact);
  } catch {
    throw new MalformedAlert(400, 'not JSON');
  }
}

/** Counts brackets outside of strings: a parser that recurses must not be led too deep. */
function requireDepth(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted) {
      if (character === '\\') i += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > maxJsonDepth) throw new MalformedAlert(400, `nested deeper than ${maxJsonDepth}`);
    } else if (character === '}' || character === ']') depth -= 1;
  }
}
