import { closeSync, openSync, writeSync } from 'node:fs';
import { openArchive } from '@icecore/archive';
import { readAll } from '@icecore/bytes';
import { folderSpool, fileSource } from '@icecore/local';
import { imageFromJson } from '@icecore/criu';

const pageBytes = 4096;
/** Pages of one run; between runs one page is left out, as in a real address space. */
const runPages = 1024;
const firstAddress = 0x7f00_0000_0000;
const pagesId = 99;

/**
 * Writes an archive with so many bytes of memory, in whole pages, in its first process: a real sample whose pages are repeated, as often
 * as needed. All else is the sample's own.
 */
export async function writeLargeArchive(sample: string, path: string, bytes: number): Promise<void> {
  const memoryBytes = Math.ceil(bytes / pageBytes) * pageBytes;
  const file = await fileSource(sample);
  const archive = await openArchive(file, { spool: folderSpool() });
  const pages: Uint8Array[] = [];
  for (const [name, entry] of archive.images()) if (/^pages-\d+\.img$/.test(name)) pages.push(await readAll(entry.source));
  const content = Buffer.concat(pages);
  const out = openSync(path, 'wx');
  try {
    for (const [name, entry] of archive.entries) {
      if (entry.type === 'directory') writeSync(out, header(`${name}/`, 0, '5'));
      if (entry.type !== 'file') continue;
      if (name === `${archive.imagesPrefix}pagemap-1.img`) {
        writeEntry(out, name, pagemap(memoryBytes));
        writeSync(out, header(`${archive.imagesPrefix}pages-${pagesId}.img`, memoryBytes, '0'));
        for (let left = memoryBytes; left > 0; left -= content.length) writeSync(out, left < content.length ? content.subarray(0, left) : content);
      } else writeEntry(out, name, await readAll(entry.source));
    }
    writeSync(out, new Uint8Array(1024));
  } finally {
    closeSync(out);
    await file.close();
  }
}

/** The bytes of a pagemap with `entries` entries of one page each, for the decoder alone. */
export function manyEntries(entries: number): Uint8Array {
  return encodePagemap(Array.from({ length: entries }, (_, i) => ({ vaddr: firstAddress + i * 8192, pages: 1 })));
}

function pagemap(memoryBytes: number): Uint8Array {
  const total = memoryBytes / pageBytes;
  const entries: { vaddr: number; pages: number }[] = [];
  for (let done = 0; done < total; done += runPages) {
    entries.push({ vaddr: firstAddress + (done + entries.length) * pageBytes, pages: Math.min(runPages, total - done) });
  }
  return encodePagemap(entries);
}

function encodePagemap(entries: readonly { vaddr: number; pages: number }[]): Uint8Array {
  const runs = entries.map(({ vaddr, pages }) => ({ vaddr, compat_nr_pages: 0, flags: 'PE_PRESENT', nr_pages: pages }));
  return imageFromJson({ magic: 'PAGEMAP', entries: [{ pages_id: pagesId }, ...runs] });
}

function writeEntry(out: number, name: string, bytes: Uint8Array): void {
  writeSync(out, header(name, bytes.length, '0'));
  writeSync(out, bytes);
  writeSync(out, new Uint8Array((512 - (bytes.length % 512)) % 512));
}

/** A header in the ustar format, the size in base 256 where octal has no room (POSIX pax, GNU tar). */
function header(name: string, size: number, type: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write('0000600\0' + '0000000\0'.repeat(2), 100);
  if (size < 8 ** 11) block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else {
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(size), 128);
  }
  block.write(`${'0'.repeat(11)}\0`, 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\u000000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
