import type { ComponentChildren, VNode } from 'preact';
import type { Cell } from '../contract/answers.ts';

/** Longest text of the evidence that is shown at once, in characters. */
const maxShown = 4000;

const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\ufe00-\ufe0f]/gu;

const names: Readonly<Record<number, string>> = {
  0x00: 'null', 0x07: 'bell', 0x08: 'backspace', 0x09: 'tab', 0x0a: 'line end', 0x0d: 'return', 0x1b: 'escape', 0x7f: 'delete', 0xad: 'soft hyphen',
  0x200b: 'zero width space', 0x200e: 'left-to-right mark', 0x200f: 'right-to-left mark', 0x202a: 'left-to-right embedding', 0x202b: 'right-to-left embedding',
  0x202c: 'end of direction', 0x202d: 'left-to-right override', 0x202e: 'right-to-left override', 0x2066: 'left-to-right isolate', 0x2067: 'right-to-left isolate', 0x2069: 'end of isolate', 0xfeff: 'byte order mark',
};
const short: Readonly<Record<number, string>> = { 0x09: '\\t', 0x0a: '\\n', 0x0d: '\\r', 0x1b: '\\e' };

/**
 * Text from the evidence. What would hide, move or turn text is shown as a mark; the text is apart from what is around it, so
 * that its direction stays its own; what is long is cut, and says so.
 */
export function Evidence({ text, most = maxShown, lines = false }: { readonly text: string; readonly most?: number; readonly lines?: boolean }): VNode {
  const cut = text.length > most;
  return (
    <bdi class="evidence">
      {marked(cut ? text.slice(0, most) : text, lines)}
      {cut && <span class="cut" title={`${text.length.toLocaleString('en')} characters`}>… +{(text.length - most).toLocaleString('en')}</span>}
    </bdi>
  );
}

function marked(text: string, lines: boolean): ComponentChildren {
  if (text.search(unseen) === -1) return text;
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const { index, 0: found } of text.matchAll(unseen)) {
    if (lines && (found === '\n' || found === '\t')) continue;
    const code = found.codePointAt(0) ?? 0;
    parts.push(text.slice(end, index), <span class="unseen" title={`U+${code.toString(16).toUpperCase().padStart(4, '0')} ${names[code] ?? 'control character'}`}>{short[code] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)}</span>);
    end = index + found.length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** A value of a table as one line of text. */
export function plain(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'object') return String(cell);
  if (isList(cell)) return cell.map(plain).join(', ');
  return Object.entries(cell).filter(([, value]) => value !== null).map(([name, value]) => `${name} ${plain(value)}`).join('  ');
}

export function textOf(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell : cell === null || cell === undefined ? '' : plain(cell);
}

export function listOf(cell: Cell | undefined): readonly Cell[] {
  return cell !== null && cell !== undefined && typeof cell === 'object' && isList(cell) ? cell : [];
}

export function isList(cell: object): cell is readonly Cell[] {
  return Array.isArray(cell);
}

/** A moment in UTC, to the second. */
export function Moment({ at }: { readonly at: Cell | undefined }): VNode {
  if (typeof at !== 'string') return <span class="muted">not known</span>;
  const [day = '', time = ''] = at.split('T');
  return <time dateTime={at} title={at}>{day} <span class="clock">{time.slice(0, 8)}</span></time>;
}

export function bytesText(bytes: Cell | undefined): string {
  if (typeof bytes !== 'number') return bytes === null || bytes === undefined ? '' : String(bytes);
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString('en')} ${value === 1 ? one : many}`;
}
