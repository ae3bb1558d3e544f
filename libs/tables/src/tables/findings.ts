import { attackVersion, type EvidenceItem, type Finding, severityId, tacticsOf } from '@icecore/findings';
import { addressHex, bigint, integer, json, nullable, structList, text, textList, type ValuesOf } from '@icecore/lake';
import { type FindingFilling, findingTable } from '../finding-filling.ts';
import { sortedBy, whole } from '../values.ts';

const columns = {
  finding_id: text('Id of the finding: the same capture and the same thing seen give the same id.'),
  incident_id: nullable(text('Incident that the finding is part of; NULL where it stands alone.')),
  detector: text('Rule that saw it, for example reverse-shell.'),
  detector_version: integer('Version of the rule; counts up with each change of what it finds.'),
  signal: text('Number of the rule in the signal reference, for example S17.'),
  title: text('What kind of thing it is.'),
  summary: text('One sentence that names the process and the fact; secrets are masked.'),
  severity: text('informational, low, medium, high or critical.'),
  severity_id: integer('The same as a number, 1 to 5, as OCSF numbers it.'),
  confidence: text('How sure the rule is: low, medium or high.'),
  category: text('attack: an act; exposure: a weakness; gap: something that could not be seen.'),
  pid: nullable(bigint('Process that it is about; NULL for the container as a whole.')),
  techniques: textList('ATT&CK techniques.'),
  tactics: textList('ATT&CK tactics of the techniques.'),
  attack_version: text('Version of ATT&CK that the techniques are of.'),
  false_positives: text('What harmless thing looks the same.'),
  facts: nullable(json('Signal values by name, for example the peer of a connection; NULL where there are none.')),
  evidence: structList(
    {
      what: text('What it is: memory mapping, open file, changed file and others.'),
      pid: nullable(bigint('Process.')),
      fd: nullable(bigint('Descriptor.')),
      address_hex: nullable(text('Address in memory, 16 hex digits.')),
      path: nullable(text('Path in the container.')),
      source: nullable(text('CRIU image or archive entry that says so.')),
      source_offset: nullable(bigint('Offset in it, in bytes.')),
      length: nullable(bigint('Length in bytes of what lies at the address or offset.')),
      value: nullable(text('The value itself, secrets masked.')),
    },
    'What shows it, the most telling first.',
  ),
};

export const findings = findingTable(
  { name: 'findings', description: 'One thing that a rule saw in a capture, with the evidence for it.', version: 1, columns, sortBy: ['finding_id'] },
  function* ({ findings: found, incidents }: FindingFilling): Iterable<ValuesOf<typeof columns>> {
    const incidentOf = new Map(incidents.flatMap(({ id, findings: ids }) => ids.map((each) => [each, id] as const)));
    for (const finding of sortedBy(found, ({ id }) => id)) yield rowOf(finding, incidentOf.get(finding.id));
  },
);

function rowOf(finding: Finding, incident: string | undefined): ValuesOf<typeof columns> {
  const { id, detector, detectorVersion, signal, title, summary, severity, confidence, category, pid, techniques, falsePositives, facts, evidence } = finding;
  return {
    finding_id: id,
    incident_id: incident ?? null,
    detector,
    detector_version: detectorVersion,
    signal,
    title,
    summary,
    severity,
    severity_id: severityId(severity),
    confidence,
    category,
    pid: whole(pid),
    techniques,
    tactics: tacticsOf(techniques),
    attack_version: attackVersion,
    false_positives: falsePositives,
    facts: facts === undefined || Object.keys(facts).length === 0 ? null : facts,
    evidence: evidence.map(evidenceOf),
  };
}

function evidenceOf({ what, pid, fd, address, path, image, offset, length, value }: EvidenceItem) {
  return {
    what,
    pid: whole(pid),
    fd: whole(fd),
    address_hex: address === undefined ? null : addressHex(BigInt.asUintN(64, address)),
    path: path ?? null,
    source: image ?? null,
    source_offset: whole(offset),
    length: whole(length),
    value: value ?? null,
  };
}
