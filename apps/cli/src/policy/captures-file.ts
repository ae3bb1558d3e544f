import { type HistoryItem, historyItem, parseCapture } from '@icecore/capture';
import { z } from 'zod';
import { UsageError } from '../command.ts';

const list = z.object({ items: z.array(z.unknown()) });

/** Reads the captures that `kubectl -n icecore get captures -o json` prints, one or a list, as far as they bear on decisions. */
export function readPast(content: string): readonly HistoryItem[] {
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch {
    throw new UsageError('the captures are no JSON: kubectl get captures -A -o json');
  }
  const { success, data } = list.safeParse(document);
  try {
    return (success ? data.items : [document]).map((each) => historyItem(parseCapture(each)));
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    throw new UsageError(`the captures are not what kubectl get captures -A -o json prints${issue === undefined ? '' : `: ${issue.path.join('.')}: ${issue.message}`}`);
  }
}
