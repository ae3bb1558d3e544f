import type { CaseFileSet } from './case-file.ts';

const header = ['captured_at', 'capture_id', 'cluster', 'namespace', 'pod', 'container', 'image', 'severity', 'confidence', 'category', 'signal', 'detector', 'title', 'pid', 'summary', 'techniques', 'incident_id', 'finding_id', 'evidence'];

/** The findings as CSV (RFC 4180), a line each, the header first. Cells that a spreadsheet would run are marked as text. */
export function* csvLines({ captures, findings }: CaseFileSet): Generator<string> {
  yield header.join(',');
  const capture = new Map(captures.map((each) => [each.capture_id, each]));
  for (const finding of findings) {
    const of = capture.get(finding.capture_id);
    const evidence = finding.evidence.map(({ what, pid, fd, address_hex, path, criu_image, image_offset, value }) => {
      const place = [
        ['pid', pid],
        ['fd', fd],
        ['at', address_hex],
        ['path', path],
        ['in', criu_image],
        ['offset', image_offset],
        ['is', value],
      ].flatMap(([name, part]) => (part === undefined ? [] : [`${name} ${part}`]));
      return [what, ...place].join(' ');
    });
    const cells = [
      of?.captured_at?.toISOString(),
      finding.capture_id,
      of?.cluster,
      of?.namespace,
      of?.pod,
      of?.container,
      of?.image,
      finding.severity,
      finding.confidence,
      finding.category,
      finding.signal,
      finding.detector,
      finding.title,
      finding.pid?.toString(),
      finding.summary,
      finding.techniques.join(' '),
      finding.incident_id,
      finding.finding_id,
      evidence.join('; '),
    ];
    yield cells.map((cell) => quoted(cell ?? '')).join(',');
  }
}

function quoted(cell: string): string {
  // Evidence is hostile: a cell that begins like a formula would be one.
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
