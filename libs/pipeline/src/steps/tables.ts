import { findingTables, gapTable } from '@icecore/tables';
import type { z } from 'zod';
import type { stepInputs, TablesOutput } from '../input.ts';
import { joinScanned, unitedGaps } from '../join-scanned.ts';
import { originOf } from '../origin.ts';
import type { PipelinePorts } from '../ports.ts';
import { keep, keptKeys, recall } from '../working.ts';
import { partWriter } from '../write-parts.ts';
import { partTotals } from './decode.ts';

/** Writes what was found, and the table of gaps, which is whole only now. */
export async function tables(input: z.infer<typeof stepInputs.tables>, ports: PipelinePorts): Promise<TablesOutput> {
  await using capture = await ports.evidence.open(input.evidence);
  const { snapshot } = capture;
  const origin = originOf(input);
  const key = await ports.secretKey(input.tenant);
  const decoded = await recall(ports.working, input.decode.kept, 'decoded');
  const detected = await recall(ports.working, input.detect.kept, 'detected');
  const { scan } = await joinScanned(ports, input.name, input.inventory.blockCount);
  const writer = partWriter(ports.lake, snapshot, input);
  for (const { table, rows } of findingTables(snapshot, origin, detected.detection, [...scan.hits, ...detected.histories], key)) await writer.sorted(table, rows);
  const known = unitedGaps([snapshot.gaps, decoded.snapshotGaps, detected.snapshotGaps]);
  const own = [...detected.gaps, ...decoded.gaps];
  await writer.stream(gapTable({ ...snapshot, gaps: known }, origin, key, own));
  const { parts } = writer;
  const kept = await keep(ports.working, keptKeys.tabled(input.name), 'tabled', { parts, gaps: [...known, ...own] });
  return { kept, tables: parts.length, ...partTotals(parts) };
}
