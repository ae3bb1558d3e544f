import { type ByteRange, secretRanges } from '@icecore/secrets';
import type { Process } from '@icecore/snapshot';

/** Bytes as they are shown in hex. */
export interface BytesView {
  /** Address of the first byte, in hex. */
  readonly address: string;
  /** Two hex digits a byte; `••` for a byte of a secret. */
  readonly bytes: readonly string[];
}

/** Most bytes that are shown of one place in memory. */
export const maxPreviewBytes = 64;
/** Bytes around them that are looked at for secrets which cross their borders. */
const aroundBytes = 8192;
/** Most places of which the bytes are shown on one page. */
const maxPreviews = 400;

/** The bytes at an address of a process; undefined where the archive does not hold all of them, or all are a secret. */
export type MemoryPreview = (pid: number, address: bigint, length: number | undefined) => Promise<BytesView | undefined>;

export function memoryPreview(processes: ReadonlyMap<number, Process>, known: readonly string[]): MemoryPreview {
  let left = maxPreviews;
  return async (pid, address, length) => {
    const memory = processes.get(pid)?.memory;
    const wanted = Math.min(maxPreviewBytes, Math.max(1, length ?? maxPreviewBytes));
    if (memory === undefined || left <= 0) return undefined;
    left -= 1;
    const before = Number(address > BigInt(aroundBytes) ? BigInt(aroundBytes) : address);
    const { bytes, parts } = await memory.read(address - BigInt(before), before + wanted + aroundBytes);
    const end = address + BigInt(wanted);
    if (parts.some((part) => part.state !== 'stored' && part.end > address && part.start < end)) return undefined;
    const hidden = secretRanges(bytes, known);
    const covered = Array.from({ length: wanted }, (_, i) => isIn(hidden, before + i));
    if (covered.every(Boolean)) return undefined;
    return { address: address.toString(16), bytes: Array.from(bytes.subarray(before, before + wanted), (byte, i) => (covered[i] === true ? '••' : byte.toString(16).padStart(2, '0'))) };
  };
}

function isIn(ranges: readonly ByteRange[], at: number): boolean {
  return ranges.some(({ start, end }) => at >= start && at < end);
}
