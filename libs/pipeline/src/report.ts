import type { Gap } from '@icecore/bytes';
import type { Detection } from '@icecore/findings';
import type { PublishOutput, Verified } from './input.ts';
import type { PipelinePorts } from './ports.ts';
import type { WrittenPart } from './write-parts.ts';

export interface RunFacts {
  readonly tool: PipelinePorts['tool'];
  readonly verify: Verified;
  readonly detection: Detection;
  readonly parts: readonly WrittenPart[];
  readonly gaps: readonly Gap[];
  readonly scannedBytes: number;
  readonly missingBlocks: number;
}

/**
 * The report of a run as JSON: what was read, what came of it, what could not be seen. It depends on the evidence and the program
 * alone, so that a run that is done again gives the same bytes.
 */
export function runReport({ tool, verify, detection, parts, gaps, scannedBytes, missingBlocks }: RunFacts): Uint8Array {
  const codes = [...new Set(gaps.map(({ code }) => code))].sort();
  const report = {
    capture_id: verify.captureId,
    archive: { sha256: verify.sha256, bytes: verify.bytes },
    manifest: verify.manifest,
    tool,
    incidents: detection.incidents.map(({ id, title, severity, findings }) => ({ id, title, severity, findings })),
    findings: detection.findings.map(({ id, signal, severity, confidence, title }) => ({ id, signal, severity, confidence, title })),
    detectors_that_could_not_look: detection.coverage.filter(({ state }) => state !== 'ran').map(({ detector, state, reason }) => ({ detector, state, reason: reason ?? null })),
    scanned_bytes: scannedBytes,
    blocks_not_scanned: missingBlocks,
    gaps: Object.fromEntries(codes.map((code) => [code, gaps.filter((gap) => gap.code === code).length])),
    parts,
  };
  return new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`);
}

/** Folder of what a run tells besides tables, in the lake; beside the tables' own folder, so that no table reads it. */
export function reportPath({ tenant, date, captureId }: { readonly tenant: string; readonly date: string; readonly captureId: string }, ending: 'report.json' | 'ocsf.jsonl'): string {
  return `reports/tenant=${tenant}/dt=${date}/${captureId}.${ending}`;
}

export function noticeOf(name: string, capture: string, output: PublishOutput): Parameters<PipelinePorts['notify']>[0] {
  const { captureId, severity, findings, incidents, gaps, report } = output;
  return { kind: 'analyzed', name, capture, captureId, severity, findings, incidents, gaps, report };
}
