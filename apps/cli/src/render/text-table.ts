import { visible } from '@icecore/bytes';
import { stripVTControlCharacters } from 'node:util';
import { masked } from '../masking.ts';

/** A column of a printed table. */
export interface TextColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The column that gives way where the screen is too narrow. */
  readonly flexible?: boolean;
}

/**
 * Rows in columns that are as wide as their content; the flexible one is cut to the screen. Cells may hold colour;
 * text from evidence must have gone through `visible` before.
 */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[], width: number): string[] {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => lengthOf(row[i] ?? ''))));
  const flexible = columns.findIndex((column) => column.flexible === true);
  const total = widths.reduce((sum, each) => sum + each + 2, -2);
  if (flexible !== -1 && total > width) widths[flexible] = Math.max(12, widths[flexible]! - (total - width));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const shown = i === flexible ? cut(cell, widths[i]!) : cell;
        const space = ' '.repeat(Math.max(0, widths[i]! - lengthOf(shown)));
        return columns[i]?.align === 'right' ? space + shown : shown + space;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

function cut(text: string, width: number): string {
  if (lengthOf(text) <= width) return text;
  return `${stripVTControlCharacters(text).slice(0, Math.max(0, width - 1))}…`;
}

/** Text from evidence, safe for a screen, of at most `length` characters. Secrets are masked before it is cut: a part of one is not known as one. */
export function shown(text: string, length = Number.POSITIVE_INFINITY): string {
  const safe = visible(masked(text));
  return safe.length > length ? `${safe.slice(0, length - 1)}…` : safe;
}
