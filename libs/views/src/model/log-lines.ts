import { type ByteSource, decodeText, type Gap, gapOf } from '@icecore/bytes';

/** Bytes of a log's end that are read. */
export const maxLogBytes = 4 << 20;

/** A line that the container wrote, as the engine's log has it. */
export interface LogLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

/**
 * The lines of a log in the form of the CRI (`TIME STREAM F|P TEXT`), which podman writes too. Other lines are left out;
 * what is before the end that is read, and what cannot be read, is told as a gap.
 */
export async function readLogLines(log: ByteSource, gaps: Gap[]): Promise<readonly LogLine[]> {
  let bytes: Uint8Array;
  try {
    bytes = await log.read(Math.max(0, log.size - maxLogBytes), log.size);
  } catch (error) {
    gaps.push(gapOf('log of the container', error));
    return [];
  }
  if (log.size > maxLogBytes) gaps.push({ code: 'limit', subject: 'log of the container', reason: `its first ${log.size - maxLogBytes} bytes are not in the timeline`, place: {} });
  return decodeText(bytes).split('\n').flatMap((text): LogLine[] => {
    const [, time = '', stream, line = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) [FP] (.*)$/s.exec(text) ?? [];
    const at = new Date(time);
    return Number.isNaN(at.getTime()) || (stream !== 'stdout' && stream !== 'stderr') ? [] : [{ at: at.toISOString(), stream, line }];
  });
}
