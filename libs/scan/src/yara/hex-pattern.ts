import { anyByte, inTurn, type Line, masked, repeated } from './pattern.ts';

/** The lines of a hex string, given without its braces; undefined where it is not understood. */
export function hexLines(text: string): readonly Line[] | undefined {
  const tokens = text.match(/~?[0-9A-Fa-f?]{2}|\[[^\]]*\]|[()|]|\S/g) ?? [];
  const reader = { at: 0, tokens };
  const lines = alternatives(reader);
  return reader.at === tokens.length ? lines : undefined;
}

interface Reader {
  at: number;
  readonly tokens: readonly string[];
}

function alternatives(reader: Reader): readonly Line[] | undefined {
  const found: Line[] = [];
  for (;;) {
    const lines = sequence(reader);
    if (lines === undefined) return undefined;
    found.push(...lines);
    if (reader.tokens[reader.at] !== '|') return found;
    reader.at += 1;
  }
}

function sequence(reader: Reader): readonly Line[] | undefined {
  const parts: (readonly Line[])[] = [];
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token === undefined || token === '|' || token === ')') return inTurn(parts);
    reader.at += 1;
    if (token === '(') {
      const inner = alternatives(reader);
      if (inner === undefined || reader.tokens[reader.at] !== ')') return undefined;
      reader.at += 1;
      parts.push(inner);
    } else {
      const lines = single(token);
      if (lines === undefined) return undefined;
      parts.push(lines);
    }
  }
}

function single(token: string): readonly Line[] | undefined {
  if (token.startsWith('[')) {
    const jump = /^\[\s*(\d*)\s*(-?)\s*(\d*)\s*\]$/.exec(token);
    if (jump === null) return undefined;
    const [, least = '', dash = '', most = ''] = jump;
    if (dash === '' && (least === '' || most !== '')) return undefined;
    return repeated([[anyByte]], Number(least), dash === '' ? Number(least) : most === '' ? Infinity : Number(most));
  }
  if (/^~[0-9A-Fa-f?]{2}$/.test(token)) return [[anyByte]];
  if (!/^[0-9A-Fa-f?]{2}$/.test(token)) return undefined;
  const mask = Number.parseInt(token.replace(/[^?]/g, 'f').replace(/\?/g, '0'), 16);
  return [[masked(Number.parseInt(token.replace(/\?/g, '0'), 16), mask)]];
}
