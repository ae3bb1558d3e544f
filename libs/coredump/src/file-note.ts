import { bytesFromText, type Gap, untilNul } from '@icecore/bytes';
import type { Process } from '@icecore/snapshot';
import { putLongs, structure } from './structure.ts';

/** Longest list of mapped files that is written, in bytes; the kernel writes at most 4 MiB. */
export const maxFileNoteBytes = 16 << 20;

/** Bytes of an entry (start, end, offset) and of the two words before the first. */
const entryBytes = 24;
const headBytes = 16;

/** NT_FILE: the mappings that have a file behind them, offsets in pages, then their names (fs/binfmt_elf.c). */
export function fileNote({ pid, mappings }: Process, pageSize: number, gaps: Gap[]): Uint8Array {
  const page = BigInt(pageSize);
  const longs: bigint[] = [];
  const names: Uint8Array[] = [];
  let size = headBytes;
  const files = mappings.filter(({ name }) => name.startsWith('/'));
  for (const { start, end, offset, name } of files) {
    const text = untilNul(bytesFromText(name));
    if (size + entryBytes + text.length + 1 > maxFileNoteBytes) break;
    size += entryBytes + text.length + 1;
    longs.push(start, end, offset / page);
    names.push(text);
  }
  if (names.length < files.length) {
    const reason = `the list passes maxFileNoteBytes ${maxFileNoteBytes}; the last ${files.length - names.length} are left out`;
    gaps.push({ code: 'limit', subject: `list of the files that process ${pid} has mapped`, reason, place: {} });
  }
  return structure(size, (view, bytes) => {
    putLongs(view, 0, [BigInt(names.length), page, ...longs]);
    let at = headBytes + 8 * longs.length;
    for (const name of names) {
      bytes.set(name, at);
      at += name.length + 1;
    }
  });
}
