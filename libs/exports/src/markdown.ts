import { visible } from '@icecore/bytes';
import type { CaseCapture, CaseEvidence, CaseFileSet, CaseFinding } from './case-file.ts';

/** Most gaps that are told for one capture. */
const maxGaps = 100;

/** The case as a report in Markdown: for each capture what happened, every finding with its evidence, and what could not be seen. */
export function markdownReport(set: CaseFileSet): string {
  const sections = [...set.captures].sort((a, b) => worst(b, set) - worst(a, set) || (a.capture_id < b.capture_id ? -1 : 1)).map((capture) => captureSection(capture, set));
  return [
    '# Findings',
    [
      '| Capture | Container | Image | Taken | Incidents | Findings | Worst |',
      '|---|---|---|---|---|---|---|',
      ...sections.map(({ row }) => row),
    ].join('\n'),
    ...sections.flatMap(({ lines }) => lines),
    '',
  ].join('\n\n').replace(/\n+$/, '\n');
}

function worst({ capture_id }: CaseCapture, { findings }: CaseFileSet): number {
  return Math.max(0, ...findings.filter((finding) => finding.capture_id === capture_id).map(({ severity_id }) => severity_id));
}

function captureSection(capture: CaseCapture, { findings, incidents, gaps }: CaseFileSet): { readonly row: string; readonly lines: readonly string[] } {
  const ofCapture = ({ capture_id }: { readonly capture_id: string }): boolean => capture_id === capture.capture_id;
  const own = findings.filter(ofCapture);
  const stories = incidents.filter(ofCapture);
  const unseen = gaps.filter(ofCapture);
  const name = [capture.cluster, capture.namespace, capture.pod, capture.container].filter((part) => part !== undefined).join('/') || capture.capture_id;
  const taken = capture.captured_at?.toISOString() ?? 'not known';
  const archive = capture.archive_name ?? 'ARCHIVE';
  const told = own.filter(({ category }) => category !== 'gap');
  return {
    row: `| \`${capture.capture_id.slice(0, 8)}\` | ${cell(name)} | ${cell(capture.image ?? '')} | ${taken} | ${stories.length} | ${told.length} | ${own[0]?.severity ?? 'none'} |`,
    lines: [
      `## ${line(name)}`,
      [
        `- Capture \`${capture.capture_id}\``,
        `- Archive ${code(archive)}, SHA-256 \`${capture.archive_sha256 ?? 'not known'}\``,
        `- Image ${code(capture.image ?? 'not known')}`,
        `- Taken ${taken}`,
      ].join('\n'),
      ...stories.flatMap(({ severity, title, story, tactics, techniques }) => [
        `### Incident, ${severity}: ${line(title)}`,
        `ATT&CK: ${[...tactics, ...techniques].join(', ')}`,
        story.map((sentence, i) => `${i + 1}. ${line(sentence)}`).join('\n'),
      ]),
      ...told.flatMap((finding) => findingSection(finding, archive)),
      ...(told.length === 0 ? ['Nothing was found.'] : []),
      '### What could not be seen',
      unseen.length === 0 ? 'Nothing is known to be missing.' : [...unseen.slice(0, maxGaps).map(({ subject, reason }) => `- ${line(subject)}: ${line(reason)}`), ...(unseen.length > maxGaps ? [`- and ${unseen.length - maxGaps} more`] : [])].join('\n'),
    ],
  };
}

function findingSection({ severity, confidence, title, signal, detector, summary, techniques, evidence, false_positives }: CaseFinding, archive: string): readonly string[] {
  return [
    `### ${capitalised(severity)}: ${line(title)}`,
    line(summary),
    `Rule ${detector} (${signal}), confidence ${confidence}. ATT&CK: ${techniques.join(', ') || 'none'}.`,
    evidence.map((item) => `- ${evidenceText(item)}${commandOf(item, archive)}`).join('\n'),
    `Harmless look-alikes: ${line(false_positives)}.`,
  ];
}

function evidenceText({ what, pid, fd, address_hex, path, criu_image, image_offset, value }: CaseEvidence): string {
  const parts = [
    pid === undefined ? undefined : `pid ${pid}`,
    fd === undefined ? undefined : `fd ${fd}`,
    address_hex === undefined ? undefined : `at \`0x${shortHex(address_hex)}\``,
    path === undefined ? undefined : code(path),
    value === undefined ? undefined : code(value),
    criu_image === undefined ? undefined : `in ${code(criu_image)}${image_offset === undefined ? '' : ` at ${image_offset}`}`,
  ];
  return [`${line(what)}:`, ...parts.filter((part) => part !== undefined)].join(' ');
}

function commandOf({ pid, address_hex, length }: CaseEvidence, archive: string): string {
  if (pid === undefined || address_hex === undefined) return '';
  const size = length === undefined ? '' : ` --length ${Math.min(length, 256)}`;
  return `\n  ${code(`icecore memory ${shellWord(archive)} ${pid} --at ${shortHex(address_hex)}${size}`)}`;
}

function shortHex(hex: string): string {
  return hex.replace(/^0+(?=.)/, '');
}

function shellWord(word: string): string {
  return /^[\w./@%+=:-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Text of the evidence as one line that Markdown does not read as anything but text. */
function line(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]<>#|~!]/g, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2').replace(/^([-+])/, '\\$1');
}

function cell(text: string): string {
  return line(text);
}

/** Text as code, whatever backticks are in it. */
function code(text: string): string {
  const safe = visible(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...(safe.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${safe}${fence}` : `${fence} ${safe} ${fence}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
