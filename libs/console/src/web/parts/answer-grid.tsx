import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Cell, TableAnswer } from '../../contract/answers.ts';
import { plain, Evidence } from '../text.tsx';
import { Dialog } from './dialog.tsx';
import { briefly, EntityCell, Record, titleOf } from './entity.tsx';
import { Grid, hexWidth, type Sorting } from './grid.tsx';
import { heldRows, type Row } from './pages.ts';

/** An answer in rows and columns of any kind. A row opens to show all it holds; columns that are empty throughout are left out. */
export function AnswerGrid({ answer, label, empty, raw = false }: { readonly answer: TableAnswer; readonly label: string; readonly empty: string; /** Whether columns have the names that the statement gave them. */ readonly raw?: boolean }): VNode {
  const [sorting, setSorting] = useState<Sorting | undefined>(undefined);
  const [opened, setOpened] = useState<Row | undefined>(undefined);
  const names = answer.columns.map(({ name }) => name);
  const told = useMemo(() => answer.columns.map((_, i) => answer.rows.some((row) => (row[i] ?? null) !== null)), [answer]);
  const rows = useMemo(() => sorted(answer, sorting), [answer, sorting]);
  const widths = useMemo(() => answer.columns.map(({ name, type }, i) => widthOf(name, type, answer.rows, i)), [answer]);
  const source = useMemo(() => heldRows(rows), [rows]);
  const columns = answer.columns.flatMap(({ name, type }, i) => (told[i] === true || answer.rows.length === 0
    ? [{
        name: `${name}-${i}`, title: raw ? name : titleOf(name), width: widths[i] ?? 'minmax(8rem, 1fr)', sorts: true, end: isNumber(type),
        cell: (row: Row) => <EntityCell column={name} value={row[i]} row={new Map(names.map((each, at) => [each, row[at] ?? null]))} />,
      }]
    : []));
  return (
    <>
      <Grid
        label={label} columns={columns} rows={source} sorting={sorting} onSort={setSorting} empty={empty}
        open={(row) => () => setOpened(row)}
        compact={(row) => <Lines row={row} names={names} />}
      />
      <Dialog title="Row" open={opened !== undefined} onClose={() => setOpened(undefined)}>{opened !== undefined && <Record columns={names} row={opened} />}</Dialog>
    </>
  );
}

/** The values of a row in two lines: the longest text first, for it tells most. */
function Lines({ row, names }: { readonly row: Row; readonly names: readonly string[] }): VNode {
  const values = row.flatMap((cell, i) => briefly(names[i] ?? '', cell) || []);
  const [main] = [...values].sort((a, b) => Math.min(b.length, 80) - Math.min(a.length, 80));
  const rest = values.filter((each) => each !== main).join(' · ');
  return <><span class="line-one"><Evidence text={main ?? ''} most={200} /></span><span class="line-two"><Evidence text={rest} most={200} /></span></>;
}

function sorted({ columns, rows }: TableAnswer, sorting: Sorting | undefined): readonly Row[] {
  const at = columns.findIndex(({ name }, i) => `${name}-${i}` === sorting?.column);
  if (sorting === undefined || at === -1) return rows;
  const direction = sorting.descending ? -1 : 1;
  return [...rows].sort((a, b) => direction * compare(a[at] ?? null, b[at] ?? null));
}

function compare(a: Cell, b: Cell): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [one, other] = [plain(a), plain(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function isNumber(type: string): boolean {
  return /^(?:U?(?:BIG|SMALL|TINY|HUGE)?INT|INTEGER|DOUBLE|FLOAT|DECIMAL)/.test(type);
}

/** As wide as what stands in it, within bounds. */
function widthOf(name: string, type: string, rows: readonly Row[], at: number): string {
  if (name.endsWith('_hex')) return hexWidth;
  if (name === 'severity') return '6.5rem';
  if (name === 'capture_id') return '7.5rem';
  if (name === 'pid') return '4.5rem';
  if (isNumber(type)) return 'minmax(4.5rem, 7rem)';
  if (type.startsWith('TIMESTAMP') || type === 'DATE') return '11.5rem';
  const longest = rows.slice(0, 200).reduce((most, row) => Math.max(most, plain(row[at]).length), 0);
  if (longest <= 12) return 'minmax(6rem, 9rem)';
  return longest <= 40 ? 'minmax(9rem, 1fr)' : 'minmax(16rem, 3fr)';
}
