import { bigint, defineTable, integer, json, nullable, structList, text, textList, type ValuesOf } from '@icecore/lake';
import { attackVersion, type EvidenceItem, type Finding, type Incident, severityId, tacticsOf } from '@icecore/findings';
import { whole } from '../values.ts';

const columns = {
  finding_id: text('Name of the finding: the same for the same capture, detector and evidence.'),
  incident_id: nullable(text('The incident that the finding is a part of; NULL where it stands alone.')),
  detector: text('Id of the detector.'),
  detector_version: integer('Version of the detector.'),
  signal: text('Number in the list of signals, for example S17.'),
  title: text('What the detector looks for.'),
  summary: text('What was found, in one sentence.'),
  severity: text('informational, low, medium, high or critical.'),
  severity_id: integer('1 to 5, as OCSF counts.'),
  confidence: text('low, medium or high.'),
  category: text('attack: an act; exposure: a weakness; gap: something that could not be seen.'),
  techniques: textList('Techniques of MITRE ATT&CK.'),
  tactics: textList('Tactics of these techniques.'),
  attack_version: text('Version of ATT&CK that the ids are of.'),
  pid: nullable(bigint('Process that the finding is about; NULL for the container as a whole.')),
  facts: json('Values that the detector saw, by name.'),
  evidence: structList(
    {
      what: text('Kind of evidence.'),
      pid: nullable(bigint('Process.')),
      fd: nullable(bigint('File descriptor.')),
      address_hex: nullable(text('Address in the process, 16 hex digits.')),
      length: nullable(bigint('Bytes at the address or offset.')),
      path: nullable(text('Path in the container.')),
      criu_image: nullable(text('CRIU image or archive entry that says so.')),
      image_offset: nullable(bigint('Offset in it, in bytes.')),
      value: nullable(text('The value itself, secrets masked.')),
    },
    'What shows it, the most telling first.',
  ),
  false_positives: text('What harmless thing looks the same.'),
};

export const findingsTable = defineTable({
  name: 'findings',
  description: 'One answer of a detector about one thing in a capture.',
  version: 1,
  columns,
  sortBy: ['severity_id', 'signal', 'finding_id'],
});

export function findingRows(findings: readonly Finding[], incidents: readonly Incident[]): ValuesOf<typeof columns>[] {
  const incidentOf = new Map(incidents.flatMap(({ id, findings: ids }) => ids.map((finding) => [finding, id] as const)));
  return findings.map((finding) => ({
    finding_id: finding.id,
    incident_id: incidentOf.get(finding.id) ?? null,
    detector: finding.detector,
    detector_version: finding.detectorVersion,
    signal: finding.signal,
    title: finding.title,
    summary: finding.summary,
    severity: finding.severity,
    severity_id: severityId(finding.severity),
    confidence: finding.confidence,
    category: finding.category,
    techniques: finding.techniques,
    tactics: tacticsOf(finding.techniques),
    attack_version: attackVersion,
    pid: whole(finding.pid),
    facts: finding.facts,
    evidence: finding.evidence.map(evidenceRow),
    false_positives: finding.falsePositives,
  }));
}

function evidenceRow({ what, pid, fd, address, length, path, image, offset, value }: EvidenceItem) {
  return {
    what,
    pid: whole(pid),
    fd: whole(fd),
    address_hex: address === undefined ? null : address.toString(16).padStart(16, '0'),
    length: whole(length),
    path: path ?? null,
    criu_image: image ?? null,
    image_offset: whole(offset),
    value: value ?? null,
  };
}
