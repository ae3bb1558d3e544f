import type { VNode } from 'preact';
import type { TableInfo } from '../../contract/answers.ts';
import { useShared } from '../session.ts';
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

/** A price as people read it; small ones keep what tells them from nothing. */
export function dollars(amount: number): string {
  return `${amount === 0 ? '0' : amount >= 1 ? amount.toFixed(2) : amount.toPrecision(2)} USD`;
}
