import { severityId } from '@icecore/findings';
import { bigint, integer, structList, text, textList, type ValuesOf } from '@icecore/lake';
import { type FindingFilling, findingTable } from '../finding-filling.ts';
import { sortedBy } from '../values.ts';

const columns = {
  incident_id: text('Id of the incident: the same findings in the same capture give the same id.'),
  title: text('What happened, and where.'),
  severity: text('low, medium, high or critical: at least that of its worst finding.'),
  severity_id: integer('The same as a number, 1 to 5, as OCSF numbers it.'),
  processes: structList({ pid: bigint('Process id.') }, 'Processes that take part, in the order of the process tree.'),
  techniques: textList('ATT&CK techniques of the findings.'),
  tactics: textList('ATT&CK tactics of the techniques.'),
  finding_ids: textList('Findings, in the order in which the story tells them.'),
  finding_count: integer('Number of findings.'),
  story: textList('The story, a sentence a finding.'),
};

export const incidents = findingTable(
  { name: 'incidents', description: 'Findings of one capture that are one story: of one branch of the process tree, one peer or one file.', version: 1, columns, sortBy: ['incident_id'] },
  function* ({ incidents: joined }: FindingFilling): Iterable<ValuesOf<typeof columns>> {
    for (const { id, title, severity, pids, techniques, tactics, findings, story } of sortedBy(joined, (incident) => incident.id)) {
      yield {
        incident_id: id,
        title,
        severity,
        severity_id: severityId(severity),
        processes: pids.map((pid) => ({ pid: BigInt(pid) })),
        techniques,
        tactics,
        finding_ids: findings,
        finding_count: findings.length,
        story,
      };
    }
  },
);
