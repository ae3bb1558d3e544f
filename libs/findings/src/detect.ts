import { createHash } from 'node:crypto';
import { allDetectors } from './detectors.ts';
import type { Detector, Need } from './detector.ts';
import type { Examination } from './examination.ts';
import type { EvidenceItem, Finding, Observation } from './finding.ts';
import { joinIncidents, type Incident } from './incidents.ts';
import { gradedSeverity, isExposed, severityId } from './severity.ts';

/** Whether a detector could look, so that no finding is not taken for nothing there. */
export interface DetectorCoverage {
  readonly detector: string;
  readonly signal: string;
  readonly version: number;
  /** `blind`: something that it needs was not had. `failed`: it broke off, which is a defect of icecore. */
  readonly state: 'ran' | 'blind' | 'failed';
  readonly reason: string | undefined;
  readonly findings: number;
}

export interface Detection {
  /** The most severe first, then by signal, pid and id. */
  readonly findings: readonly Finding[];
  readonly incidents: readonly Incident[];
  readonly coverage: readonly DetectorCoverage[];
}

/** Most findings of one detector in one capture; the coverage says how many more there were. */
export const maxFindingsPerDetector = 200;

/** Asks every detector and joins what they saw. Never throws for what the evidence holds. */
export function detect(examination: Examination, detectors: readonly Detector[] = allDetectors): Detection {
  const exposed = isExposed(examination.snapshot);
  const findings = new Map<string, Finding>();
  const coverage: DetectorCoverage[] = [];
  for (const detector of detectors) {
    const told: Pick<DetectorCoverage, 'detector' | 'signal' | 'version'> = { detector: detector.id, signal: detector.signal, version: detector.version };
    const missing = detector.needs.filter((need) => !isHad(need, examination));
    if (missing.length > 0) {
      coverage.push({ ...told, state: 'blind', reason: `needs ${missing.map((need) => needNames[need]).join(' and ')}`, findings: 0 });
      continue;
    }
    try {
      const { made, leftOut } = take(detector, examination, exposed);
      for (const finding of made) findings.set(finding.id, finding);
      coverage.push({ ...told, state: 'ran', reason: leftOut === 0 ? undefined : `${leftOut} more were left out`, findings: made.length });
    } catch (error) {
      coverage.push({ ...told, state: 'failed', reason: error instanceof Error ? error.message : String(error), findings: 0 });
    }
  }
  const sorted = [...findings.values()].sort(compareFindings);
  return { findings: sorted, incidents: joinIncidents(sorted, examination), coverage };
}

function take(detector: Detector, examination: Examination, exposed: boolean): { readonly made: readonly Finding[]; readonly leftOut: number } {
  const found = new Map<string, Finding>();
  const beyond = new Set<string>();
  for (const observation of detector.detect(examination)) {
    const finding = findingOf(detector, observation, examination, exposed);
    if (found.has(finding.id)) continue;
    if (found.size < maxFindingsPerDetector) found.set(finding.id, finding);
    else beyond.add(finding.id);
  }
  return { made: [...found.values()], leftOut: beyond.size };
}

function findingOf(detector: Detector, observation: Observation, { captureId, redact }: Examination, exposed: boolean): Finding {
  const key = observation.key ?? evidenceKey(observation);
  const severity = observation.severity ?? gradedSeverity(detector.severity, observation.confidence, exposed, detector.category);
  const [first, ...rest] = observation.evidence;
  return {
    ...observation,
    summary: redact(observation.summary),
    evidence: [redacted(first, redact), ...rest.map((item) => redacted(item, redact))],
    facts: Object.fromEntries(Object.entries(observation.facts ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, redact(value)]]))),
    id: createHash('sha256').update(`${captureId}\0${detector.id}\0${key}`).digest('hex').slice(0, 32),
    detector: detector.id,
    detectorVersion: detector.version,
    signal: detector.signal,
    title: detector.title,
    techniques: detector.techniques,
    severity,
    falsePositives: detector.falsePositives,
    category: detector.category,
  };
}

function redacted(item: EvidenceItem, redact: (text: string) => string): EvidenceItem {
  return item.value === undefined ? item : { ...item, value: redact(item.value) };
}

function evidenceKey({ pid, evidence: [first] }: Observation): string {
  return [pid, first.pid, first.fd, first.address, first.path, first.image, first.offset, first.value].map((part) => part ?? '').join(' ');
}

function isHad(need: Need, { hits, files, rootfsRecorded, nodeProcesses, dumpLog, snapshot }: Examination): boolean {
  switch (need) {
    case 'memory_scan':
      return hits !== undefined;
    case 'changed_files':
      return rootfsRecorded || files.length > 0;
    case 'node_processes':
      return nodeProcesses !== undefined;
    case 'dump_log':
      return dumpLog !== undefined;
    case 'specification':
      return snapshot.container.specification !== undefined;
    case 'image':
      return false;
  }
}

const needNames: Readonly<Record<Need, string>> = {
  memory_scan: 'the memory scan',
  changed_files: 'the changes to the root file system, which the archive has not',
  node_processes: 'the list of processes that the node saw, which was not taken',
  dump_log: 'the log of a dump',
  specification: 'the runtime specification (spec.dump)',
  image: 'the image that the container was started from',
};

export function compareFindings(a: Finding, b: Finding): number {
  const bySeverity = severityId(b.severity) - severityId(a.severity);
  const bySignal = Number(a.signal.slice(1)) - Number(b.signal.slice(1));
  return bySeverity || bySignal || (a.pid ?? 0) - (b.pid ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
