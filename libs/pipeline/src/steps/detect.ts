import type { z } from 'zod';
import type { DetectOutput, stepInputs } from '../input.ts';
import { joinScanned } from '../join-scanned.ts';
import { judge } from '../judge.ts';
import type { PipelinePorts } from '../ports.ts';
import { keep, keptKeys } from '../working.ts';

/** Joins what the ranges gave, reads the shells' histories, and asks every detector. */
export async function detect(input: z.infer<typeof stepInputs.detect>, ports: PipelinePorts): Promise<DetectOutput> {
  await using capture = await ports.evidence.open(input.evidence);
  const key = await ports.secretKey(input.tenant);
  const { scan, snapshotGaps, missingBlocks } = await joinScanned(ports, input.name, input.inventory.blockCount);
  const { detection, histories, gaps } = await judge(capture, scan, input.verify.captureId, key);
  const kept = await keep(ports.working, keptKeys.detected(input.name), 'detected', {
    detection,
    histories,
    gaps,
    snapshotGaps: [...capture.snapshot.gaps, ...snapshotGaps],
    scannedBytes: scan.scannedBytes,
  });
  const { findings, incidents } = detection;
  return { kept, incidents: incidents.length, findings: findings.length, severity: findings[0]?.severity ?? null, scannedBytes: scan.scannedBytes, missingBlocks };
}
