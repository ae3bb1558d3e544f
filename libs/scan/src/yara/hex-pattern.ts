import { alternatives, group, type Reader } from './grammar.ts';
import { anyByte, type Line, masked, repeated } from './pattern.ts';

/** The lines of a hex string, given without its braces; undefined where it is not understood. */
export function hexLines(text: string): readonly Line[] | undefined {
  const symbols = text.match(/~?[0-9A-Fa-f?]{2}|\[[^\]]*\]|[()|]|\S/g) ?? [];
  const reader = { at: 0, symbols };
  const lines = alternatives(reader, element);
  return reader.at === symbols.length ? lines : undefined;
}

function element(reader: Reader): readonly Line[] | undefined {
  const token = reader.symbols[reader.at] ?? '';
  reader.at += 1;
  return token === '(' ? group(reader, element) : single(token);
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
