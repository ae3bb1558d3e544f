import { detector } from '../detector.ts';
import { fileEvidence } from '../changed-files.ts';

const agents = /\/(?:falco|tetragon|tracee|osquery|auditd?|rsyslog|syslog-ng|fluent-?bit|fluentd|filebeat|auditbeat|datadog-agent|newrelic-infra|wazuh|ossec|clamav|clamd|crowdstrike|falcon-sensor|sysdig|aqua|twistlock|sentinelone|amazon-ssm-agent|cloudwatch-agent|otelcol)(?:[/._-]|$)/i;
const command = /\b(?:kill(?:all)?|pkill)\b[^\n;|]{0,60}(?:falco|tetragon|tracee|osquery|audit|rsyslog|fluent|filebeat|datadog|wazuh|clam|falcon|sysdig|aqua|ssm-agent)|\bsetenforce\s+0|\bauditctl\s+-e\s*0|\b(?:systemctl|service)\s+(?:stop|disable|mask)\s+\S*(?:audit|syslog|falco|firewalld|ufw|apparmor)|\biptables\s+-F|\bufw\s+disable/i;

export const disabledAgent = detector({
  id: 'disabled-agent',
  signal: 'S61',
  title: 'Watcher that was taken away',
  version: 1,
  techniques: ['T1685'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'images that are made smaller when they start',
  *detect({ files, hits = [] }) {
    const gone = files.filter(({ change, path }) => change === 'deleted' && agents.test(path) && !/\/(?:doc|man|locale|cache|tmp|log)\//.test(path));
    const [first, ...rest] = gone;
    if (first !== undefined) yield { summary: `${first.path}${rest.length > 0 ? ` and ${rest.length} more files` : ''} of a watcher ${rest.length > 0 ? 'were' : 'was'} deleted`, confidence: 'medium', evidence: [fileEvidence(first), ...rest.slice(0, 9).map((file) => fileEvidence(file))], key: 'deleted' };
    for (const hit of hits) {
      if (hit.kind === 'history' && command.test(hit.command)) yield { pid: hit.pid, summary: `somebody took a watcher away in the shell with pid ${hit.pid}: ${hit.command.slice(0, 120)}`, confidence: 'high', evidence: [{ what: 'line of history', pid: hit.pid, value: hit.command }], key: `history ${hit.pid} ${hit.command}` };
    }
  },
});
