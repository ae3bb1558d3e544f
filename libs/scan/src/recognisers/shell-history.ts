import { redact, type SecretKey } from '@icecore/secrets';
import type { Process } from '@icecore/snapshot';
import type { HistoryHit } from '../hits.ts';
import { regionOf } from '../memory-stretches.ts';

/** Largest heap that is searched, in bytes; a shell's has a few hundred kilobytes. */
export const maxHistoryHeapBytes = 64 << 20;
/** Most lines that one process gives, and longest that one is, in bytes. */
export const maxHistoryLines = 10_000;
const maxLineBytes = 4096;

/**
 * The history that a shell with GNU readline keeps in its heap, whatever the process calls itself. Readline's entries are
 * three pointers (`HIST_ENTRY { char *line; char *timestamp; void *data }`, history.h); the time stamp is text, `#` and
 * seconds since the epoch. Stamps are found first, then pointers to them, then the line that the pointer before leads to.
 */
export async function shellHistory(process: Process, key: SecretKey): Promise<readonly HistoryHit[]> {
  const { memory } = process;
  if (memory === undefined) return [];
  const hits: HistoryHit[] = [];
  for (const mapping of process.mappings.filter(({ name }) => name === '[heap]')) {
    const size = Number(mapping.end - mapping.start);
    if (size > maxHistoryHeapBytes || hits.length >= maxHistoryLines) continue;
    const bytes = Buffer.from((await memory.read(mapping.start, size)).bytes);
    const stamps = stampsIn(bytes, mapping.start);
    if (stamps.size === 0) continue;
    for (const { offset, line, seconds } of entriesIn(bytes, stamps)) {
      const at = Number(line - mapping.start);
      const command = textAt(bytes, at);
      if (command === undefined || hits.length >= maxHistoryLines) continue;
      hits.push({
        kind: 'history',
        pid: process.pid,
        command: redact(command, key),
        enteredAt: new Date(seconds * 1000),
        place: {
          kind: 'memory',
          owners: [{ pid: process.pid, address: line }],
          region: regionOf(process, mapping, line),
          permissions: mapping.permissions,
          image: `pagemap-${process.pid}.img`,
          offset,
        },
      });
    }
  }
  return hits.sort((a, b) => (a.enteredAt?.getTime() ?? 0) - (b.enteredAt?.getTime() ?? 0) || a.place.offset - b.place.offset);
}

function stampsIn(bytes: Buffer, start: bigint): ReadonlyMap<bigint, number> {
  const stamps = new Map<bigint, number>();
  for (let at = bytes.indexOf(0x23); at !== -1; at = bytes.indexOf(0x23, at + 1)) {
    const end = bytes.indexOf(0, at);
    if (end - at < 10 || end - at > 12) continue;
    const digits = bytes.toString('latin1', at + 1, end);
    if (/^\d{9,11}$/.test(digits)) stamps.set(start + BigInt(at), Number(digits));
  }
  return stamps;
}

/** Entries of the history list: words at multiples of 8 that hold the address of a stamp, and the word before them. */
function* entriesIn(bytes: Buffer, stamps: ReadonlyMap<bigint, number>): Generator<{ offset: number; line: bigint; seconds: number }> {
  for (let offset = 8; offset + 8 <= bytes.length; offset += 8) {
    // A pointer into a heap has zeros on top; most words have not, or are zero.
    if (bytes[offset + 7] !== 0 || bytes[offset + 5] === undefined || bytes.readUInt32LE(offset) === 0) continue;
    const seconds = stamps.get(bytes.readBigUInt64LE(offset));
    if (seconds !== undefined) yield { offset: offset - 8, line: bytes.readBigUInt64LE(offset - 8), seconds };
  }
}

function textAt(bytes: Buffer, at: number): string | undefined {
  if (!(at >= 0 && at < bytes.length)) return undefined;
  const end = bytes.indexOf(0, at);
  if (end <= at || end - at > maxLineBytes) return undefined;
  const text = bytes.toString('utf8', at, end);
  // eslint-disable-next-line no-control-regex -- control characters are what tells that this is no line
  return /[\0-\x08\x0e-\x1f]/.test(text) ? undefined : text;
}
