import type { ByteSource, Gap } from '@icecore/bytes';
import type { Detection, ExaminedFile } from '@icecore/findings';
import type { ScanHit } from '@icecore/scan';
import type { SecretKey } from '@icecore/secrets';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { redaction, secretsOf } from '@icecore/tables';
import { memoryPreview } from './bytes-view.ts';
import { type CaptureFacts, captureFacts, type CaptureWhere } from './capture-facts.ts';
import { type CoverageView, coverageView } from './coverage-view.ts';
import { type CustodyRecord, type CustodyView, custodyView } from './custody-view.ts';
import { type EnvironmentsView, environmentsView } from './environment-view.ts';
import { type FilesView, filesView } from './file-view.ts';
import { type FindingView, findingViews, type IncidentView, incidentViews } from './finding-view.ts';
import { type LogLine, readLogLines } from './log-lines.ts';
import { type MemoriesView, memoriesView } from './memory-view.ts';
import { type NetworkView, networkView } from './network-view.ts';
import { type ProcessesView, processesView } from './process-view.ts';
import { textMaker } from './text.ts';
import { type TimelineView, timelineView } from './timeline-view.ts';
import { type VerdictView, verdictView } from './verdict-view.ts';

/**
 * What a page about a capture shows: plain values that JSON can hold, addresses in hex, times in ISO 8601, secrets
 * masked, lists cut at named limits with their whole length beside.
 */
export interface CaptureView {
  readonly version: 1;
  readonly facts: CaptureFacts;
  readonly verdict: VerdictView;
  readonly incidents: readonly IncidentView[];
  readonly findings: readonly FindingView[];
  /** Findings there are, also beyond those that are listed. */
  readonly findingCount: number;
  readonly processes: ProcessesView;
  readonly network: NetworkView;
  readonly memory: MemoriesView;
  readonly timeline: TimelineView;
  readonly files: FilesView;
  readonly environments: EnvironmentsView;
  readonly coverage: CoverageView;
  readonly custody: CustodyView;
}

/** What is known of a capture besides its snapshot and what detectors made of it. */
export interface CaptureContext extends CaptureWhere {
  /** The tenant's key: what marks of secrets are made with. */
  readonly key: SecretKey;
  readonly files: readonly ExaminedFile[];
  /** What the scan and the examination could not read. */
  readonly gaps: readonly Gap[];
  readonly scannedBytes?: number;
  /** Logs of the container that the archive holds. */
  readonly logs?: readonly ByteSource[];
  /** What the vault knows; left out for an archive that was not sealed. */
  readonly custody?: CustodyRecord;
}

/** Makes the view of a capture. Reads the few bytes of memory that it shows, and the container's logs. */
export async function captureView(snapshot: ContainerSnapshot, detection: Detection, hits: readonly ScanHit[], context: CaptureContext): Promise<CaptureView> {
  const known = secretsOf(snapshot);
  const texts = textMaker(redaction(context.key, known));
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const findings = await findingViews(detection, { archive: context.archive.name, processes, texts, preview: memoryPreview(processes, known) });
  const logs: LogLine[] = [];
  const unread: Gap[] = [];
  for (const log of context.logs ?? []) logs.push(...(await readLogLines(log, unread)));
  const coverage = coverageView([...snapshot.gaps, ...context.gaps, ...unread], detection.coverage, context.scannedBytes, texts);
  return {
    version: 1,
    facts: captureFacts(snapshot, context, texts),
    verdict: verdictView(detection, coverage),
    incidents: incidentViews(detection, { processes, texts }),
    findings,
    findingCount: detection.findings.length,
    processes: processesView(snapshot, findings, texts),
    network: networkView(snapshot, findings, texts),
    memory: memoriesView(snapshot, findings, context.archive.name, texts),
    timeline: timelineView({ snapshot, files: context.files, hits, logs, findings }, texts),
    files: filesView(context.files, snapshot.dump.rootfsBytes !== undefined, findings, texts),
    environments: environmentsView(snapshot, texts),
    coverage,
    custody: custodyView(context.custody, texts),
  };
}
