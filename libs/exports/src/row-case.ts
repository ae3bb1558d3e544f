import type { z } from 'zod';
import { captureRow, type CaseFileSet, findingRow, processRow } from './case-file.ts';
import { ExportError } from './errors.ts';

/** A row of a table of the lake, as a program has it before it is written. */
type TableRow = Readonly<Record<string, unknown>>;

/** What findings are told from, of rows that are in no lake yet: the same as `readCase` gives of them when they are. */
export function caseOfRows(rows: { readonly captures: readonly TableRow[]; readonly findings: readonly TableRow[]; readonly processes: readonly TableRow[] }): Pick<CaseFileSet, 'captures' | 'findings' | 'processes'> {
  return {
    captures: rows.captures.map((row) => parsed('captures', captureRow, row)),
    findings: rows.findings.map((row) => parsed('findings', findingRow, { ...row, facts: JSON.stringify(row['facts']) })).sort(bySeverity),
    processes: rows.processes.map((row) => parsed('processes', processRow, row)),
  };
}

function parsed<Row>(name: string, schema: z.ZodType<Row>, row: TableRow): Row {
  const moments = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value instanceof Date ? value.toISOString() : value]));
  const result = schema.safeParse(moments);
  if (result.success) return result.data;
  throw new ExportError('invalid_lake', `${name}: ${result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}

type Finding = CaseFileSet['findings'][number];

function bySeverity(a: Finding, b: Finding): number {
  const pid = (finding: Finding): number => finding.pid ?? Number.POSITIVE_INFINITY;
  const text = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
  return b.severity_id - a.severity_id || text(a.signal, b.signal) || (pid(a) === pid(b) ? 0 : pid(a) - pid(b)) || text(a.finding_id, b.finding_id);
}
