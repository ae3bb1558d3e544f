import { planScan } from '@icecore/scan';
import type { z } from 'zod';
import type { InventoryOutput, stepInputs } from '../input.ts';
import type { PipelinePorts } from '../ports.ts';
import { rangesOf } from '../ranges.ts';
import { keptKeys } from '../working.ts';

/** Indexes the archive, plans what is to be scanned, and keeps the list of ranges for the Map. */
export async function inventory(input: z.infer<typeof stepInputs.inventory>, ports: PipelinePorts): Promise<InventoryOutput> {
  await using capture = await ports.evidence.open(input.evidence);
  const plan = await planScan(capture.snapshot, capture.archive);
  const ranges = rangesOf(plan);
  const key = keptKeys.ranges(input.name);
  await ports.working.store.writePart(key, new TextEncoder().encode(JSON.stringify(ranges)));
  return {
    ranges: { bucket: ports.working.bucket, key: `${ports.working.prefix}${key}` },
    rangeCount: ranges.length,
    blockCount: plan.blockCount,
    totalBytes: plan.totalBytes,
    entries: [...capture.archive.entries.values()].length,
    compression: capture.archive.compression,
  };
}
