import { type Kept, keptKeys, recall } from './working.ts';
import type { PipelinePorts } from './ports.ts';
import type { WrittenPart } from './write-parts.ts';

/** What an execution came to in full, as long as the working store has it. */
export interface Outcome extends Pick<Kept['detected'], 'detection' | 'scannedBytes'>, Pick<Kept['tabled'], 'gaps'> {
  /** What was found first, then the tables of the snapshot, the gaps last. */
  readonly parts: readonly WrittenPart[];
}

/** Reads the outcome of an execution that succeeded. Rejects with a `LakeError` (`missing`) where the working store was emptied since. */
export async function readOutcome(working: PipelinePorts['working'], name: string): Promise<Outcome> {
  const { parts: decoded } = await recall(working, keptKeys.decoded(name), 'decoded');
  const { detection, scannedBytes } = await recall(working, keptKeys.detected(name), 'detected');
  const { parts, gaps } = await recall(working, keptKeys.tabled(name), 'tabled');
  const isGaps = ({ table }: WrittenPart): boolean => table === 'gaps';
  return { detection, scannedBytes, gaps, parts: [...parts.filter((part) => !isGaps(part)), ...decoded, ...parts.filter(isGaps)] };
}
