import { bigint, defineTable, integer, nullable, structList, text, textList, type ValuesOf } from '@icecore/lake';
import { type DetectorCoverage, type Incident, severityId } from '@icecore/findings';

const incidentColumns = {
  incident_id: text('Name of the incident.'),
  title: text('What happened, in one sentence.'),
  severity: text('informational, low, medium, high or critical.'),
  severity_id: integer('1 to 5, as OCSF counts.'),
  pids: structList({ pid: bigint('Process id.') }, 'Processes that take part, in the order of the tree.'),
  techniques: textList('Techniques of MITRE ATT&CK, version 19.'),
  tactics: textList('Tactics of these techniques.'),
  finding_ids: textList('Ids of the findings, in the order in which the story goes.'),
  story: textList('The story, a sentence a finding.'),
};

export const incidentsTable = defineTable({
  name: 'incidents',
  description: 'Findings of one capture that are one story.',
  version: 1,
  columns: incidentColumns,
  sortBy: ['severity_id', 'incident_id'],
});

export function incidentRows(incidents: readonly Incident[]): ValuesOf<typeof incidentColumns>[] {
  return incidents.map(({ id, title, severity, pids, techniques, tactics, findings, story }) => ({
    incident_id: id,
    title,
    severity,
    severity_id: severityId(severity),
    pids: pids.map((pid) => ({ pid: BigInt(pid) })),
    techniques,
    tactics,
    finding_ids: findings,
    story,
  }));
}

const coverageColumns = {
  detector: text('Id of the detector.'),
  signal: text('Number in the list of signals.'),
  detector_version: integer('Version of the detector.'),
  state: text('ran; blind: something that it needs was not had; failed: it broke off.'),
  reason: nullable(text('Why it did not run; NULL where it did.')),
  finding_count: integer('Number of its findings.'),
};

export const detectorCoverageTable = defineTable({
  name: 'detector_coverage',
  description: 'Whether a detector could look at a capture: no finding of a blind detector means nothing.',
  version: 1,
  columns: coverageColumns,
  sortBy: ['detector'],
});

export function coverageRows(coverage: readonly DetectorCoverage[]): ValuesOf<typeof coverageColumns>[] {
  return coverage.map(({ detector, signal, version, state, reason, findings }) => ({ detector, signal, detector_version: version, state, reason: reason ?? null, finding_count: findings }));
}
