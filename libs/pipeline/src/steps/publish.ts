import { createHash } from 'node:crypto';
import { type CustodySubject, defaultRetention, type EvidenceVault, type LedgerWriter, type Lock, objectKeys, recordDerived, retentionOf } from '@icecore/evidence';
import { caseOfRows, detectionFindings } from '@icecore/exports';
import type { Detection } from '@icecore/findings';
import type { RowOf, Table } from '@icecore/lake';
import { type CaptureOrigin, decodedSnapshotTables, findingTables } from '@icecore/tables';
import type { ContainerSnapshot } from '@icecore/snapshot';
import type { SecretKey } from '@icecore/secrets';
import type { z } from 'zod';
import type { PublishOutput, stepInputs } from '../input.ts';
import { originOf } from '../origin.ts';
import type { PipelinePorts } from '../ports.ts';
import { noticeOf, reportPath, runReport } from '../report.ts';
import { recall } from '../working.ts';
import { filingDate, type WrittenPart } from '../write-parts.ts';
import { partTotals } from './decode.ts';

type Input = z.infer<typeof stepInputs.publish>;

/** Tells what came of it: a report and OCSF findings in the lake, entries in the capture's ledger, and a notice. */
export async function publish(input: Input, ports: PipelinePorts): Promise<PublishOutput> {
  await using capture = await ports.evidence.open(input.evidence);
  const { snapshot } = capture;
  const decoded = await recall(ports.working, input.decode.kept, 'decoded');
  const { detection } = await recall(ports.working, input.detect.kept, 'detected');
  const tabled = await recall(ports.working, input.tables.kept, 'tabled');
  const { captureId, sha256 } = input.verify;
  const { scannedBytes, missingBlocks } = input.detect;
  const place = { tenant: input.tenant, captureId, date: filingDate(snapshot.container, input.verify.sealedAt) };
  const parts = [...decoded.parts, ...tabled.parts];
  const report = runReport({ tool: ports.tool, verify: input.verify, detection, parts, gaps: tabled.gaps, scannedBytes, missingBlocks });
  const ocsf = await ocsfLines(snapshot, originOf(input), detection, await ports.secretKey(input.tenant), ports.tool.version);
  const told = [
    { path: reportPath(place, 'report.json'), bytes: report },
    { path: reportPath(place, 'ocsf.jsonl'), bytes: ocsf },
  ] as const;
  for (const { path, bytes } of told) await ports.lake.writePart(path, bytes);
  if (input.evidence.kind === 'sealed') {
    const subjects = told.map(({ path, bytes }) => ({ key: path, sha256: createHash('sha256').update(bytes).digest('hex') }));
    await recordRun(ports, input.evidence.capture, sha256, decoded.parts, [...tabled.parts.map(subjectOf), ...subjects]);
  }
  const output: PublishOutput = {
    captureId, sha256, missingBlocks,
    incidents: detection.incidents.length,
    findings: detection.findings.length,
    severity: input.detect.severity,
    tables: parts.length,
    rows: partTotals(parts).rows,
    gaps: tabled.gaps.length,
    report: told[0].path,
  };
  await ports.notify(noticeOf(input.name, input.evidence.kind === 'sealed' ? input.evidence.capture : input.evidence.archive, output));
  return output;
}

/** The findings as OCSF, one a line, from the rows as the lake has them. */
async function ocsfLines(snapshot: ContainerSnapshot, origin: CaptureOrigin, detection: Detection, key: SecretKey, version: string): Promise<Uint8Array> {
  const rows = new Map<string, readonly RowOf<Table>[]>();
  for (const { table, rows: read } of decodedSnapshotTables(snapshot, origin, { key, maxHashedBytes: 0 }, [])) {
    if (table.name !== 'captures' && table.name !== 'processes') break;
    const all: RowOf<Table>[] = [];
    for await (const row of read) all.push(row);
    rows.set(table.name, all);
  }
  const findings = findingTables(snapshot, origin, detection, [], key).find(({ table }) => table.name === 'findings')?.rows ?? [];
  const told = caseOfRows({ captures: rows.get('captures') ?? [], processes: rows.get('processes') ?? [], findings });
  return new TextEncoder().encode(detectionFindings(told, { version }).map((finding) => `${JSON.stringify(finding)}\n`).join(''));
}

/** What the ledger says of a run: that the archive was verified, and what was decoded and derived from it. */
async function recordRun({ custody, clock, tool }: PipelinePorts, capture: string, sha256: string, decoded: readonly WrittenPart[], derived: readonly CustodySubject[]): Promise<void> {
  if (custody === undefined) return;
  const { vault } = custody;
  const writer: LedgerWriter = { vault, signer: await custody.signer(), clock, lock: await lockOf(vault, capture, clock()) };
  const archive = { key: objectKeys.archive(capture), sha256 };
  const common = { tool: { ...tool }, actor: { type: 'program', id: tool.name } } as const;
  await recordDerived(writer, capture, { ...common, action: 'verified', subjects: [archive], parents: [], reason: 'every byte of the archive, against the manifest' });
  await recordDerived(writer, capture, { ...common, action: 'decoded', subjects: decoded.map(subjectOf), parents: [archive], reason: 'tables of the snapshot' });
  await recordDerived(writer, capture, { ...common, action: 'derived', subjects: derived, parents: [archive], reason: 'findings, what they rest on, and the report' });
}

function subjectOf({ path, sha256 }: WrittenPart): CustodySubject {
  return { key: path, sha256 };
}

/** An entry of the ledger is locked as long as the manifest is; where that is over, as long as a capture of no case. */
async function lockOf(vault: EvidenceVault, capture: string, now: Date): Promise<Lock> {
  const lock = (await vault.describe(objectKeys.manifest(capture)))?.lock;
  if (lock !== undefined && lock.retainUntil > now) return lock;
  return retentionOf(defaultRetention, { severity: undefined, namespace: undefined, case: undefined }, now);
}
