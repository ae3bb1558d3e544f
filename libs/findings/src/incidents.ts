import { createHash } from 'node:crypto';
import { inTreeOrder, type Process } from '@icecore/snapshot';
import { tacticsOf } from './attack.ts';
import type { Examination } from './examination.ts';
import type { Finding, Severity } from './finding.ts';
import { severities, severityId } from './severity.ts';

/** Findings that are one story. */
export interface Incident {
  /** Deterministic: of the capture and the findings in it. */
  readonly id: string;
  /** One sentence: what happened, and where. */
  readonly title: string;
  readonly severity: Severity;
  /** Processes that take part, in the order of the tree. */
  readonly pids: readonly number[];
  readonly techniques: readonly string[];
  readonly tactics: readonly string[];
  /** Ids of the findings, in the order in which the story tells them. */
  readonly findings: readonly string[];
  /** The story, a sentence a finding. */
  readonly story: readonly string[];
}

/**
 * Joins attack findings of at least low severity: those of one process subtree below the container's first process, and
 * those that name the same peer or path. What is about no process is a story of the container's files.
 */
export function joinIncidents(findings: readonly Finding[], { captureId, snapshot }: Examination): readonly Incident[] {
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const order = new Map(inTreeOrder(snapshot.processes).map(({ process: { pid } }, i) => [pid, i]));
  const told = findings.filter(({ category, severity }) => category === 'attack' && severity !== 'informational');
  const groups = grouped(told, (finding) => keysOf(finding, processes));
  return groups
    .filter((group) => group.some(({ severity }) => severityId(severity) >= 3))
    .map((group) => incidentOf(group, captureId, order, processes))
    .sort((a, b) => severityId(b.severity) - severityId(a.severity) || b.findings.length - a.findings.length || (a.id < b.id ? -1 : 1));
}

/** Findings that share a key, directly or through others, are one group. */
function grouped(findings: readonly Finding[], keysOfFinding: (finding: Finding) => readonly string[]): readonly (readonly Finding[])[] {
  const groups: { keys: Set<string>; members: Finding[] }[] = [];
  for (const finding of findings) {
    const keys = new Set(keysOfFinding(finding));
    const joined = groups.filter((group) => [...keys].some((key) => group.keys.has(key)));
    const group = { keys, members: [finding] };
    for (const other of joined) {
      for (const key of other.keys) group.keys.add(key);
      group.members.push(...other.members);
      groups.splice(groups.indexOf(other), 1);
    }
    groups.push(group);
  }
  return groups.map(({ members }) => members);
}

function keysOf({ pid, evidence, facts }: Finding, processes: ReadonlyMap<number, Process>): readonly string[] {
  const keys: string[] = [];
  const pids = new Set([pid, ...evidence.map((item) => item.pid)].filter((each) => each !== undefined));
  for (const each of pids) keys.push(`tree ${subtreeOf(each, processes)}`);
  if (facts['peer'] !== undefined) keys.push(`peer ${facts['peer'].replace(/:\d+$/, '')}`);
  for (const { path } of evidence) if (path !== undefined && pids.size > 0) keys.push(`path ${path}`);
  if (pids.size === 0) keys.push('files');
  return keys;
}

/** Programs that only start others: what they started are stories of their own. */
const initPrograms = /^(?:tini|docker-init|dumb-init|catatonit|s6-svscan|s6-supervise|supervisord|systemd|runsv|runsvdir|init|pause|conmon)$/;

/** The top of the branch that a process belongs to: the container's first process, or what an init program started. */
function subtreeOf(pid: number, processes: ReadonlyMap<number, Process>): number {
  const seen = new Set<number>();
  let current = pid;
  for (let process = processes.get(current); process !== undefined && !seen.has(current); process = processes.get(current)) {
    seen.add(current);
    const parent = processes.get(process.ppid);
    if (parent === undefined || initPrograms.test(parent.comm)) return current;
    current = parent.pid;
  }
  return current;
}

function incidentOf(group: readonly Finding[], captureId: string, order: ReadonlyMap<number, number>, processes: ReadonlyMap<number, Process>): Incident {
  const place = ({ pid }: Finding): number => (pid === undefined ? Number.MAX_SAFE_INTEGER : (order.get(pid) ?? 0));
  const members = [...group].sort((a, b) => place(a) - place(b) || severityId(b.severity) - severityId(a.severity) || Number(a.signal.slice(1)) - Number(b.signal.slice(1)) || (a.id < b.id ? -1 : 1));
  const pids = [...new Set(members.flatMap(({ pid, evidence }) => [pid, ...evidence.map((item) => item.pid)]).filter((pid) => pid !== undefined))];
  const techniques = [...new Set(members.flatMap((finding) => finding.techniques))].sort();
  const tactics = tacticsOf(techniques);
  const worst = Math.max(...members.map(({ severity }) => severityId(severity)));
  const high = members.filter(({ severity }) => severityId(severity) >= 4);
  // Several grave acts with several aims are worse than each of them.
  const severity = severities[Math.min(severities.length, worst + (high.length >= 3 && tactics.length >= 3 ? 1 : 0)) - 1] ?? 'high';
  const ids = members.map(({ id }) => id);
  return {
    id: createHash('sha256').update(`${captureId}\0incident\0${[...ids].sort().join()}`).digest('hex').slice(0, 32),
    title: titleOf(members, pids, processes),
    severity,
    pids: pids.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
    techniques,
    tactics,
    findings: ids,
    story: members.map(({ summary }) => summary),
  };
}

function titleOf(members: readonly Finding[], pids: readonly number[], processes: ReadonlyMap<number, Process>): string {
  const titles = [...new Set([...members].sort((a, b) => severityId(b.severity) - severityId(a.severity)).map(({ title }) => title.toLowerCase()))];
  const shown = titles.slice(0, 3).join(', ');
  const more = titles.length > 3 ? ` and ${titles.length - 3} more` : '';
  const root = pids.map((pid) => processes.get(pid)).find((process) => process !== undefined);
  const where = root === undefined ? 'in the container’s files' : pids.length === 1 ? `in ${root.comm} (${root.pid})` : `in ${pids.length} processes`;
  const text = `${shown}${more} ${where}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
