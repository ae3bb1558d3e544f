import { z } from 'zod';
import type { Past } from './trial.ts';
import { UsageError } from '../command.ts';

const text = z.string().max(1000);
const capture = z.object({
  metadata: z.object({ creationTimestamp: text }),
  spec: z.object({ workload: text, meaning: text.optional(), node: text }),
});
const file = z.union([z.object({ items: z.array(capture) }).transform(({ items }) => items), capture.transform((one) => [one])]);

/** Reads the captures that `kubectl get captures -A -o json` prints, as far as they bear on decisions. */
export function readPast(content: string): readonly Past[] {
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch {
    throw new UsageError('the captures are no JSON: kubectl get captures -A -o json');
  }
  const read = file.safeParse(document);
  if (!read.success) throw new UsageError('the captures are not what kubectl get captures -A -o json prints');
  return read.data.map(({ metadata, spec }) => ({ workload: spec.workload, meaning: spec.meaning, node: spec.node, at: Date.parse(metadata.creationTimestamp) }));
}
