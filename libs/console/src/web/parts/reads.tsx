import type { VNode } from 'preact';
import type { TableAnswer, TableInfo } from '../../contract/answers.ts';
import { useShared } from '../session.ts';
import { dollars } from '../spent.tsx';
import { bytesText, count } from '../text.tsx';

/** What a statement can read at most, before it is asked: all of each table that it names. */
export function Reads({ sql, tables }: { readonly sql: string; readonly tables: readonly TableInfo[] | undefined }): VNode | null {
  const { session } = useShared();
  if (tables === undefined) return null;
  const words = new Set(sql.toLowerCase().match(/[a-z_][a-z0-9_]*/g) ?? []);
  const read = tables.filter(({ name }) => words.has(name));
  const bytes = read.reduce((sum, table) => sum + (table.bytes ?? 0), 0);
  if (read.length === 0) return null;
  if (session.cost !== null) {
    const { limitBytes, limitDollars } = session.cost;
    return <span class="muted small">Reads {count(read.length, 'table')}; {limitBytes === null || limitDollars === null ? 'the workgroup sets no limit to what that costs' : `the workgroup lets it scan ${bytesText(limitBytes)} at most, ${dollars(limitDollars)}`}.</span>;
  }
  return <span class="muted small">Reads at most {bytesText(bytes)} of {count(read.length, 'table')}.</span>;
}

/** How long an answer took, and what it cost. */
export function took({ milliseconds, scanned }: TableAnswer): string {
  return `in ${milliseconds.toLocaleString('en')} ms${scanned === undefined ? '' : `, ${bytesText(scanned.bytes)} scanned for ${dollars(scanned.dollars)}`}`;
}
