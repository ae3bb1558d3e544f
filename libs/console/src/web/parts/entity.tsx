import type { ComponentChildren, VNode } from 'preact';
import type { Cell } from '../../contract/answers.ts';
import { href } from '../router.ts';
import { bytesText, Evidence, listOf, Moment, plain, shortHex } from '../text.tsx';
import { Severity } from './severity.tsx';

/** A row by the names of its columns. */
export type NamedRow = ReadonlyMap<string, Cell>;

const searched = new Set(['sha256', 'archive_sha256', 'build_id', 'executable_build_id', 'secret_hmac', 'remote_address', 'local_address', 'address', 'executable', 'path', 'image_ref']);
const moments = new Set(['captured_at', 'created_at', 'happened_at', 'modified_at', 'entered_at', 'expires_at', 'first_seen', 'last_seen', 'first_capture', 'last_capture']);

/** Columns that hold a number of bytes. */
function isSize(column: string): boolean {
  return column === 'size' || column === 'bytes' || column === 'executable_size' || column === 'byte_length' || column.endsWith('_bytes');
}

/** A value of a table. One that names something leads to it: a capture, a finding, bytes in memory, an indicator. */
export function EntityCell({ column, value, row }: { readonly column: string; readonly value: Cell | undefined; readonly row: NamedRow }): ComponentChildren {
  if (value === null || value === undefined) return <span class="muted">–</span>;
  if (column === 'severity') return <Severity value={value} />;
  if (moments.has(column)) return <Moment at={value} />;
  if (typeof value === 'boolean') return value ? 'yes' : <span class="muted">no</span>;
  if (isSize(column) && typeof value === 'number') return <span title={`${value.toLocaleString('en')} bytes`}>{bytesText(value)}</span>;
  const link = linkOf(column, value, row);
  const text = Array.isArray(value) ? listOf(value).map(plain).join(' ') : plain(value);
  const shown = column.endsWith('_hex') ? <HexValue text={text} /> : <Evidence text={column === 'capture_id' ? text.slice(0, 12) : text} most={link === undefined ? 500 : 300} />;
  return link === undefined ? shown : <a href={link} class={column.endsWith('_id') || column.endsWith('sha256') ? 'mono' : undefined}>{shown}</a>;
}

/** Hex digits, all of them, so that they can be compared and asked for as the lake has them; those that say nothing stand back. */
function HexValue({ text }: { readonly text: string }): VNode {
  const zeros = /^0*(?=.)/.exec(text)?.[0] ?? '';
  return <span class="hex-value mono"><span class="zeros">{zeros}</span><Evidence text={text.slice(zeros.length)} most={300} /></span>;
}

const titles: Readonly<Record<string, string>> = {
  pid: 'PID', ppid: 'Parent', fd: 'FD', uid: 'UID', gid: 'GID', euid: 'EUID', sha256: 'SHA-256', archive_sha256: 'Archive', capture_id: 'Capture', finding_id: 'Finding', incident_id: 'Incident', build_id: 'Build id', start_hex: 'Start', end_hex: 'End',
  present_bytes: 'In the archive', mode_text: 'Mode', file_deleted: 'File gone', secret_hmac: 'Mark of the secret', captured_at: 'Taken (UTC)', modified_at: 'Modified (UTC)', first_capture: 'First seen (UTC)', last_capture: 'Last seen (UTC)', comm: 'Name',
};

/** What a column is called where a person reads it. */
export function titleOf(column: string): string {
  const words = column.replace(/_hex$/, '').replaceAll('_', ' ');
  return titles[column] ?? (words.charAt(0).toUpperCase() + words.slice(1)).replace(/ at$/, ' (UTC)');
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

/** A value among others on one line; empty where it tells too little for its length. */
export function briefly(column: string, value: Cell | undefined): string {
  if (value === null || value === undefined || /(?:_id|sha256|_hmac|^end_hex|schema_version)$/.test(column)) return '';
  if (typeof value === 'boolean') return value ? titleOf(column).toLowerCase() : '';
  if (isSize(column)) return bytesText(value);
  if (typeof value === 'number') return `${titleOf(column)} ${value}`;
  const text = plain(value);
  if (moments.has(column)) return text.slice(0, 19).replace('T', ' ');
  return column.endsWith('_hex') ? shortHex(text) : text;
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
