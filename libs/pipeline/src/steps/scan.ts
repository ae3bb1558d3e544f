import { planScan, type ScanPlan } from '@icecore/scan';
import type { z } from 'zod';
import type { BlockRange, stepInputs } from '../input.ts';
import type { OpenCapture, PipelinePorts, ScanHere, StepCall } from '../ports.ts';
import { keptKeys, packed } from '../working.ts';

/** Most bytes that what one range gave may take; a range that gives more is kept in halves, down to one block, which is bounded by itself. */
const maxScannedBytes = 64 * 2 ** 20;

/** Scans ranges and keeps what each gave, under the range's name. */
export async function scan({ BatchInput: { name, tenant, evidence }, Items: ranges }: z.infer<typeof stepInputs.scan>, ports: PipelinePorts, call: StepCall): Promise<{ readonly ranges: number }> {
  await using plans = planOnce(() => ports.evidence.open(evidence));
  const key = await ports.secretKey(tenant);
  const total = ranges.reduce((sum, { first, end }) => sum + end - first, 0);
  let done = 0;
  const scanInto = async (range: BlockRange): Promise<void> => {
    call.signal.throwIfAborted();
    const here: ScanHere = { key, signal: call.signal, onProgress: () => call.progress(done, total), plan: plans.plan };
    const scanned = await ports.scanner.scan(evidence, range, here);
    const bytes = packed({ ...scanned, ...range });
    const middle = Math.floor((range.first + range.end) / 2);
    if (bytes.length > maxScannedBytes && middle > range.first) {
      await scanInto({ first: range.first, end: middle });
      await scanInto({ first: middle, end: range.end });
      return;
    }
    await ports.working.store.writePart(keptKeys.scan(name, range), bytes);
    done += range.end - range.first;
    call.progress(done, total);
  };
  for (const range of ranges) await scanInto(range);
  return { ranges: ranges.length };
}

function planOnce(open: () => Promise<OpenCapture>): AsyncDisposable & { readonly plan: () => Promise<ScanPlan> } {
  let opened: Promise<{ readonly capture: OpenCapture; readonly plan: ScanPlan }> | undefined;
  const begin = async (): Promise<{ readonly capture: OpenCapture; readonly plan: ScanPlan }> => {
    const capture = await open();
    return { capture, plan: await planScan(capture.snapshot, capture.archive) };
  };
  return {
    plan: async () => (await (opened ??= begin())).plan,
    [Symbol.asyncDispose]: async () => (await opened?.catch(() => undefined))?.capture[Symbol.asyncDispose](),
  };
}
