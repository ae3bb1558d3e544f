import type { Detection, EvidenceItem, Finding, Incident, Severity } from '@icecore/findings';
import type { Terminal } from '../terminal.ts';
import { shown } from './text-table.ts';

const styles: Readonly<Record<Severity, Parameters<Terminal['style']>[0]>> = { critical: ['bold', 'red'], high: 'red', medium: 'yellow', low: 'cyan', informational: 'dim' };

/** What a responder reads first: incidents, then what stands alone, and how much could not be judged. */
export function verdictLines({ findings, incidents, coverage }: Detection, terminal: Terminal, archive: string, most = 12): string[] {
  const joined = new Set(incidents.flatMap((incident) => incident.findings));
  const alone = findings.filter(({ id, severity }) => !joined.has(id) && severity !== 'informational');
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const blind = coverage.filter(({ state }) => state !== 'ran');
  const lines = [
    ...incidents.flatMap((incident) => ['', ...incidentLines(incident, byId, terminal, archive)]),
    ...(alone.length === 0 ? [] : ['', `  ${terminal.style('bold', incidents.length === 0 ? 'findings' : 'besides')}`, ...alone.slice(0, most).map((finding) => `  ${findingLine(finding, terminal)}`)]),
    ...(alone.length > most ? [`  and ${alone.length - most} more: icecore findings ${archive}`] : []),
  ];
  const verdict = incidents.length === 0 && alone.length === 0 ? ['', '  nothing suspicious found'] : lines;
  return blind.length === 0 ? verdict : [...verdict, '', `  not judged: ${blind.map(({ detector, reason }) => `${detector} (${reason ?? ''})`).join('; ')}`];
}

function incidentLines({ title, severity, findings, techniques }: Incident, byId: ReadonlyMap<string, Finding>, terminal: Terminal, archive: string): string[] {
  const members = findings.flatMap((id) => byId.get(id) ?? []);
  return [
    `  ${terminal.style(styles[severity], severity.toUpperCase())}  ${terminal.style('bold', shown(title))}`,
    ...members.map((finding) => `    ${findingLine(finding, terminal)}`),
    ...commandsFor(members, archive).map((command) => `    ${terminal.style('dim', command)}`),
    `    ${terminal.style('dim', techniques.join(' '))}`,
  ];
}

function findingLine({ severity, signal, summary }: Finding, terminal: Terminal): string {
  return `${terminal.style(styles[severity], severity.padEnd(13))}  ${signal.padEnd(3)}  ${shown(summary)}`;
}

/** Everything that is known of each finding, with the way to its bytes. */
export function findingLines({ findings, coverage }: Detection, terminal: Terminal, archive: string): string[] {
  const lines = findings.flatMap((finding) => [
    `  ${findingLine(finding, terminal)}`,
    `      ${terminal.style('dim', `${finding.detector} ${finding.detectorVersion}, confidence ${finding.confidence}, ${finding.techniques.join(' ')}`)}`,
    ...finding.evidence.map((item) => `      ${shown(evidenceText(item))}`),
    ...commandsFor([finding], archive).map((command) => `      ${terminal.style('dim', command)}`),
    `      ${terminal.style('dim', `harmless where: ${finding.falsePositives}`)}`,
    '',
  ]);
  const ran = coverage.filter(({ state }) => state === 'ran').length;
  const blind = coverage.filter(({ state }) => state !== 'ran').map(({ detector, reason }) => `    ${detector}: ${reason ?? ''}`);
  return [...lines, `  ${ran} of ${coverage.length} detectors could look`, ...blind];
}

export function evidenceText({ what, pid, fd, address, length, path, image, offset, value }: EvidenceItem): string {
  const parts = [
    pid === undefined ? undefined : `pid ${pid}`,
    fd === undefined ? undefined : `fd ${fd}`,
    address === undefined ? undefined : `0x${address.toString(16)}`,
    length === undefined ? undefined : `${length} bytes`,
    path,
    image === undefined ? undefined : `${image}${offset === undefined ? '' : ` at ${offset}`}`,
    value,
  ].filter((part) => part !== undefined && part !== '');
  return `${what}: ${parts.join(', ')}`;
}

/** The commands that show the bytes of the first places in memory that findings name. */
function commandsFor(findings: readonly Finding[], archive: string): readonly string[] {
  const item = findings.flatMap(({ evidence }) => evidence).find(({ pid, address }) => pid !== undefined && address !== undefined);
  if (item?.pid === undefined || item.address === undefined) return [];
  return [`icecore memory ${archive} ${item.pid} --at ${item.address.toString(16)} --length ${Math.min(item.length ?? 64, 256)}`];
}
