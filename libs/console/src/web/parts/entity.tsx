import type { ComponentChildren, VNode } from 'preact';
import type { Cell } from '../../contract/answers.ts';
import { href } from '../router.ts';
import { Evidence, listOf, Moment, plain } from '../text.tsx';
import { Severity } from './severity.tsx';

/** A row by the names of its columns. */
export type NamedRow = ReadonlyMap<string, Cell>;

const searched = new Set(['sha256', 'archive_sha256', 'build_id', 'executable_build_id', 'secret_hmac', 'remote_address', 'local_address', 'address', 'executable', 'path', 'image_ref']);
const moments = new Set(['captured_at', 'created_at', 'happened_at', 'modified_at', 'entered_at', 'expires_at', 'first_seen', 'last_seen', 'first_capture', 'last_capture']);

/** A value of a table. One that names something leads to it: a capture, a finding, bytes in memory, an indicator. */
export function EntityCell({ column, value, row }: { readonly column: string; readonly value: Cell | undefined; readonly row: NamedRow }): ComponentChildren {
  if (value === null || value === undefined) return <span class="muted">–</span>;
  if (column === 'severity') return <Severity value={value} />;
  if (moments.has(column)) return <Moment at={value} />;
  const link = linkOf(column, value, row);
  const text = listOf(value).length > 0 ? listOf(value).map(plain).join(' ') : plain(value);
  return link === undefined ? <Evidence text={text} most={500} /> : <a href={link} class={column.endsWith('_id') || column.endsWith('sha256') ? 'mono' : undefined}><Evidence text={column === 'capture_id' ? text.slice(0, 12) : text} most={300} /></a>;
}

function linkOf(column: string, value: Cell, row: NamedRow): string | undefined {
  const capture = row.get('capture_id');
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (column === 'capture_id') return `/captures/${encodeURIComponent(String(value))}`;
  if (column === 'finding_id' && typeof capture === 'string') return `/findings/${encodeURIComponent(capture)}/${encodeURIComponent(String(value))}`;
  if (column === 'pid' && typeof capture === 'string') return href(`/captures/${encodeURIComponent(capture)}`, { tab: 'processes', pid: value });
  if (column.endsWith('address_hex') || column === 'start_hex') {
    const pid = row.get('pid');
    return typeof capture === 'string' && typeof pid === 'number' ? href('/memory', { capture, pid, at: String(value) }) : undefined;
  }
  return searched.has(column) && String(value) !== '' ? href('/search', { value: String(value) }) : undefined;
}

/** Everything that a row holds, one column a line. */
export function Record({ columns, row }: { readonly columns: readonly string[]; readonly row: readonly Cell[] }): VNode {
  const named = new Map(columns.map((name, i) => [name, row[i] ?? null]));
  return (
    <dl class="record">
      {columns.map((name, i) => (
        <div key={`${name}-${i}`}><dt>{name}</dt><dd><EntityCell column={name} value={row[i]} row={named} /></dd></div>
      ))}
    </dl>
  );
}
