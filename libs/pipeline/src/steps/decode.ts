import type { Gap } from '@icecore/bytes';
import { decodedSnapshotTables } from '@icecore/tables';
import type { z } from 'zod';
import type { DecodeOutput, stepInputs } from '../input.ts';
import { originOf } from '../origin.ts';
import type { PipelinePorts, StepCall } from '../ports.ts';
import { keep, keptKeys } from '../working.ts';
import { partWriter } from '../write-parts.ts';

/** Writes what the snapshot tells, all tables but that of the gaps, which the scan and the detectors add to. */
export async function decode(input: z.infer<typeof stepInputs.decode>, ports: PipelinePorts, call: StepCall): Promise<DecodeOutput> {
  await using capture = await ports.evidence.open(input.evidence);
  const { snapshot } = capture;
  const key = await ports.secretKey(input.tenant);
  const writer = partWriter(ports.lake, snapshot, input);
  const gaps: Gap[] = [];
  let done = 0;
  for (const rows of decodedSnapshotTables(snapshot, originOf(input), { key }, gaps)) {
    call.signal.throwIfAborted();
    await writer.stream(rows);
    call.progress((done += 1), 0);
  }
  const { parts } = writer;
  const kept = await keep(ports.working, keptKeys.decoded(input.name), 'decoded', { parts, gaps, snapshotGaps: snapshot.gaps });
  return { kept, tables: parts.length, ...partTotals(parts) };
}

export function partTotals(parts: readonly { readonly rows: number; readonly bytes: number }[]): { readonly rows: number; readonly bytes: number } {
  return { rows: parts.reduce((sum, { rows }) => sum + rows, 0), bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}
