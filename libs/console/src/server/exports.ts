import { type CaseFileSet, csvLines, detectionFindings, markdownReport, stixBundle, timesketchLines } from '@icecore/exports';
import type { QueryResult, QueryValue } from '@icecore/lake';
import { cellOf } from './answer.ts';

/** The forms in which findings leave the console: name of the file's end, and its media type. */
export const exportForms = {
  ocsf: { extension: 'ocsf.jsonl', type: 'application/x-ndjson' },
  timesketch: { extension: 'timesketch.jsonl', type: 'application/x-ndjson' },
  stix: { extension: 'stix.json', type: 'application/json' },
  csv: { extension: 'csv', type: 'text/csv' },
  markdown: { extension: 'md', type: 'text/markdown' },
} as const;
export type ExportForm = keyof typeof exportForms;

export function isExportForm(name: string): name is ExportForm {
  return Object.hasOwn(exportForms, name);
}

export function exportText(form: ExportForm, set: CaseFileSet, version: string): string {
  switch (form) {
    case 'ocsf':
      return lines(detectionFindings(set, { version }).map((finding) => JSON.stringify(finding)));
    case 'timesketch':
      return lines(timesketchLines(set));
    case 'stix':
      return `${JSON.stringify(stixBundle(set), null, 2)}\n`;
    case 'csv':
      return lines(csvLines(set));
    case 'markdown':
      return markdownReport(set);
  }
}

function lines(each: Iterable<string>): string {
  return [...each].map((line) => `${line}\n`).join('');
}

/** A table as CSV (RFC 4180). A cell that a spreadsheet would run is marked as text, for evidence is hostile. */
export function csvOf({ columns, rows }: QueryResult): string {
  return lines([columns.map(({ name }) => quoted(name)).join(','), ...rows.map((row) => row.map(csvCell).join(','))]);
}

function csvCell(value: QueryValue): string {
  const cell = cellOf(value);
  if (cell === null) return '';
  return quoted(typeof cell === 'object' ? JSON.stringify(cell) : String(cell));
}

function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
