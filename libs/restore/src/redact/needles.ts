/** How the bytes of a needle are written: what takes their place must keep the text around them whole. */
export type NeedleForm = 'utf-8' | 'utf-16le' | 'json' | 'base64' | 'bytes';

/** Bytes that must not be left. */
export interface Needle {
  readonly bytes: Uint8Array;
  readonly form: NeedleForm;
  /** Index of the removed thing that it is a form of. */
  readonly item: number;
}

/** Shortest text that is looked for wherever it stands: shorter ones are words of their own elsewhere. */
export const minNeedleText = 8;
/** Shortest base64 that is looked for. */
const minBase64 = 12;
/** Shortest run of bytes that is looked for. */
export const minNeedleBytes = 16;

/** True for a value that can be looked for everywhere without taking harmless words away. */
export function isSearchable(value: string): boolean {
  return value.length >= minNeedleText && /[^a-z]/.test(value) && new Set(value).size >= 4;
}

/** Every form in which a text may stand in memory, files and JSON. */
export function textNeedles(value: string, item: number): Needle[] {
  const utf8 = Buffer.from(value, 'utf8');
  const needles: Needle[] = [{ bytes: utf8, form: 'utf-8', item }, { bytes: Buffer.from(value, 'utf16le'), form: 'utf-16le', item }];
  const escaped = JSON.stringify(value).slice(1, -1);
  // Go's encoder, which wrote the metadata of every engine, escapes these three as well.
  const escapedByGo = escaped.replace(/[<>&]/g, (found) => `\\u00${found.charCodeAt(0).toString(16)}`);
  for (const text of new Set([escaped, escapedByGo])) if (text !== value) needles.push({ bytes: Buffer.from(text, 'utf8'), form: 'json', item });
  for (const text of base64Cores(utf8)) needles.push({ bytes: Buffer.from(text, 'latin1'), form: 'base64', item });
  return needles;
}

/** The characters that base64 of anything with these bytes in it must have, for each of the three places that they may begin at. */
function base64Cores(bytes: Uint8Array): string[] {
  const cores = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const core = text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return core.length < minBase64 ? [] : [core];
  });
  return [...new Set(cores.flatMap((core) => [core, core.replaceAll('+', '-').replaceAll('/', '_')]))];
}

/** Lines of a PEM key and the bytes that they stand for: keys are kept without their frame, and in binary, too. */
export function keyNeedles(value: string, item: number): Needle[] {
  const lines = value.split(/\r?\n|\\r|\\n/).filter((line) => /^[A-Za-z0-9+/=]{32,}$/.test(line));
  const binary = Buffer.from(lines.join(''), 'base64');
  return [
    ...lines.map((line): Needle => ({ bytes: Buffer.from(line, 'latin1'), form: 'base64', item })),
    ...(binary.length >= 32 ? [{ bytes: binary, form: 'bytes' as const, item }] : []),
  ];
}

/** Pieces of a region or a file as they are looked for elsewhere: page by page, without those that say nothing. */
export function* byteNeedles(bytes: Uint8Array, item: number): Generator<Needle> {
  if (bytes.length < minNeedleBytes) return;
  const seen = new Set<number>();
  for (const byte of bytes) if (seen.add(byte).size >= 4) break;
  if (seen.size >= 4) yield { bytes, form: 'bytes', item };
}
