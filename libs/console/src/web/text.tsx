import { formatSize, visiblePieces } from '@icecore/views/browser';
import type { VNode } from 'preact';
import type { Cell } from '../contract/answers.ts';

/** Longest text of the evidence that is shown at once, in characters. */
const maxShown = 4000;

/**
 * Text from the evidence. What would hide, move or turn text is shown as a mark; the text is apart from what is around it, so
 * that its direction stays its own; what is long is cut, and says so.
 */
export function Evidence({ text, most = maxShown, lines = false }: { readonly text: string; readonly most?: number; readonly lines?: boolean }): VNode {
  const cut = text.length > most;
  return (
    <bdi class="evidence">
      {visiblePieces(cut ? text.slice(0, most) : text, { lines }).map(({ kind, text: piece }, i) => (kind === 'plain' ? piece : <span key={i} class="mark">{piece}</span>))}
      {cut && <span class="cut" title={`${text.length.toLocaleString('en')} characters`}>… +{(text.length - most).toLocaleString('en')}</span>}
    </bdi>
  );
}

/** The same where only text can stand, as in a choice. */
export function spelledOut(text: string, most: number): string {
  const shown = visiblePieces(text.slice(0, most)).map(({ text: piece }) => piece).join('');
  return text.length > most ? `${shown}…` : shown;
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

/** Hex digits without the zeros before them. */
export function shortHex(digits: string): string {
  return digits.replace(/^0+(?=.)/, '');
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

/** A size in units; empty where it is not known. */
export function bytesText(bytes: Cell | undefined): string {
  return typeof bytes === 'number' ? formatSize(bytes) : plain(bytes);
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString('en')} ${value === 1 ? one : many}`;
}
