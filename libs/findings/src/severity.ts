import { type ContainerSnapshot, sharedWithNode } from '@icecore/snapshot';
import type { Confidence, Severity } from './finding.ts';

export const severities: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** OCSF's `severity_id`. */
export function severityId(severity: Severity): number {
  return severities.indexOf(severity) + 1;
}

/**
 * The severity of a finding: that of the detector at high confidence, one step less at medium, two at low, never below
 * low for what is an attack; one step more in a container from which the node is within reach.
 */
export function gradedSeverity(base: Severity, confidence: Confidence, exposed: boolean, category: 'attack' | 'exposure' | 'gap'): Severity {
  const less = confidence === 'high' ? 0 : confidence === 'medium' ? 1 : 2;
  const more = exposed && category === 'attack' && base !== 'informational' ? 1 : 0;
  const least = base === 'informational' ? 0 : 1;
  const step = Math.max(least, Math.min(severities.length - 1, severities.indexOf(base) - less + more));
  return severities[step] ?? base;
}

const dangerous = new Set(['CAP_SYS_ADMIN', 'CAP_SYS_PTRACE', 'CAP_SYS_MODULE', 'CAP_SYS_RAWIO', 'CAP_DAC_READ_SEARCH', 'CAP_BPF', 'CAP_SYS_BOOT']);

/** The node is within reach: a process may do what only the node's administrator may, or shares the node's processes or network. */
export function isExposed(snapshot: ContainerSnapshot): boolean {
  const capable = snapshot.processes.some(({ credentials }) => credentials?.capabilities.effective.names.some((name) => dangerous.has(name)) === true);
  const sockets = snapshot.container.specifiedMounts.some(({ source }) => /\/(?:docker|containerd|crio)\.sock$/.test(source));
  const shared = snapshot.processes.some(({ namespaces }) => namespaces !== undefined && sharedWithNode(namespaces, snapshot.nodeNamespaces).some((kind) => kind === 'pid' || kind === 'net' || kind === 'mnt'));
  return capable || sockets || shared;
}
