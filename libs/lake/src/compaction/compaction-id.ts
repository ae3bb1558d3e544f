import { createHash } from 'node:crypto';

const pattern = /^compacted-(\d{6})-[0-9a-f]{32}$/;

/** Most compactions that one day of one tenant may see. */
const maxSequence = 999_999;

/**
 * Name of a compaction: `compacted-<sequence>-<hash>`. The hash is of what went in, so that the same parts make the same
 * compaction; of two that hold the same capture the greater name, as text, is the later one and counts.
 */
export function compactionId(sequence: number, inputs: readonly { readonly path: string; readonly sha256: string }[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of [...inputs].sort((one, other) => (one.path < other.path ? -1 : 1))) hash.update(`${path} ${sha256}\n`);
  return `compacted-${String(Math.min(sequence, maxSequence)).padStart(6, '0')}-${hash.digest('hex').slice(0, 32)}`;
}

/** The place of a compaction among those of its day, from 1; undefined for the id of a capture. */
export function sequenceOf(captureId: string): number | undefined {
  const sequence = pattern.exec(captureId)?.[1];
  return sequence === undefined ? undefined : Number(sequence);
}

/** SHA-256 in lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
