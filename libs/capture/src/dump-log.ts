import { refusals } from '@icecore/findings';

/** Why CRIU gave up, from its `dump.log`. */
export interface DumpRefusal {
  /** As the finding `refused-capture` names it: `tcp_established`. */
  readonly reason: string;
  readonly words: string;
  readonly remedy: string;
  /** The line of the log that says so. */
  readonly line: string;
}

/** Longest log that is searched, from its end, in characters: CRIU says why at the end. */
export const maxDumpLogCharacters = 1 << 20;

/** Undefined where the log tells of no failure. */
export function readDumpLog(log: string): DumpRefusal | undefined {
  const end = log.slice(-maxDumpLogCharacters);
  const found = refusals.find(({ pattern }) => pattern.test(end));
  if (found === undefined) return undefined;
  const line = end.split('\n').find((each) => found.pattern.test(each)) ?? '';
  return { reason: found.reason, words: found.words, remedy: found.remedy, line: line.trim().slice(0, 300) };
}
