import { DamageError, formatBytes, type Gap, hex } from '@icecore/bytes';
import type { AddressSpace } from '@icecore/memory';
import type { ContainerSnapshot, Process } from '@icecore/snapshot';
import { type CoreSink, pieceBytes, PieceWriter } from './core-sink.ts';
import { coreNotes } from './core-notes.ts';
import { countingSectionHeader, fileHeader, headersEnd, manyHeaders, programHeader, type ProgramHeader, segmentType } from './elf.ts';
import { encodeNote, noteBytes, noteType } from './note.ts';
import { noteContext } from './note-context.ts';
import { type MemoryCoverage, type Segment, segmentsOf } from './segments.ts';

/** What a core file holds, and what of the process it does not. */
export interface CoreReport {
  /** Length of the file in bytes. */
  readonly fileBytes: number;
  readonly threadCount: number;
  readonly segmentCount: number;
  readonly coverage: MemoryCoverage;
  readonly gaps: readonly Gap[];
}

/**
 * Writes a process as an ELF core file, for debuggers and other readers of core(5): its threads with their registers,
 * its mapped files, and a segment for each run of memory that is known. Memory that the archive does not hold is in no
 * segment: ELF has zeros for what a segment does not have in the file, and a debugger would show them.
 *
 * The same process gives the same bytes. Rejects with a `DamageError` before anything is written: `missing` for a
 * process without memory (a zombie) or without registers, `unsupported` for a machine other than X86_64 and AARCH64 and
 * for 32-bit processes, `limit` for a file past `maxCoreBytes` or `maxSegmentCount`; later only where a source does not
 * give the same bytes again.
 */
export async function writeCore(process: Process, snapshot: Pick<ContainerSnapshot, 'images'>, sink: CoreSink): Promise<CoreReport> {
  const { pid, memory } = process;
  if (memory === undefined) throw new DamageError('missing', `process ${pid} has no memory in the dump (state: ${process.state ?? 'not known'})`);
  const gaps: Gap[] = [];
  const context = await noteContext(process, memory.pageSize, snapshot.images);
  let notesBytes = 0;
  let threadCount = 0;
  for await (const note of coreNotes(context, gaps)) {
    notesBytes += noteBytes(note);
    if (note.type === noteType.prstatus) threadCount += 1;
  }
  if (threadCount === 0) throw new DamageError('missing', `no thread of process ${pid} has registers in the dump`);
  const { segments, coverage } = await segmentsOf(process, memory);
  gaps.push(...coverageGaps(memory, coverage));

  const writer = new PieceWriter(sink);
  const headers = layOut(segments, notesBytes, memory.pageSize);
  await writer.write(fileHeader(context.machine.elfMachine, headers.length));
  for (const header of headers) await writer.write(programHeader(header));
  if (headers.length >= manyHeaders) await writer.write(countingSectionHeader(headers.length));
  for await (const note of coreNotes(context)) await writer.write(encodeNote(note));
  for (const [i, segment] of segments.entries()) {
    if (!segment.inFile) continue;
    await writer.zerosTo(Number(headers[i + 1]!.offset));
    await writeMemory(writer, memory, segment);
  }
  await writer.finish();
  return { fileBytes: writer.position, threadCount, segmentCount: segments.length, coverage, gaps };
}

/** The program headers: that of the notes, then one a segment. Bytes of a segment begin where its address would in a page. */
function layOut(segments: readonly Segment[], notesBytes: number, pageSize: number): ProgramHeader[] {
  let position = headersEnd(segments.length + 1);
  const notes = { type: segmentType.note, flags: 0, offset: BigInt(position), address: 0n, fileBytes: BigInt(notesBytes), memoryBytes: 0n, alignment: 4n };
  position += notesBytes;
  const headers: ProgramHeader[] = [notes];
  for (const { start, end, flags, inFile } of segments) {
    const inPage = Number(start % BigInt(pageSize));
    const offset = Math.ceil((position - inPage) / pageSize) * pageSize + inPage;
    const memoryBytes = end - start;
    const fileBytes = inFile ? memoryBytes : 0n;
    headers.push({ type: segmentType.load, flags, offset: BigInt(offset), address: start, fileBytes, memoryBytes, alignment: BigInt(pageSize) });
    if (inFile) position = offset + Number(fileBytes);
  }
  return headers;
}

async function writeMemory(writer: PieceWriter, memory: AddressSpace, { start, end }: Segment): Promise<void> {
  for (let address = start; address < end; address += BigInt(pieceBytes)) {
    const left = end - address;
    const { bytes, parts } = await memory.read(address, left < pieceBytes ? Number(left) : pieceBytes);
    const lost = parts.find(({ state }) => state !== 'stored' && state !== 'zero');
    if (lost !== undefined) {
      throw new DamageError('truncated', `memory at ${hex(lost.start)} of process ${memory.pid} could not be read again`, { image: memory.pages.image });
    }
    await writer.write(bytes);
  }
}

function coverageGaps({ pid, pages, areas }: AddressSpace, { inMappedFiles, unavailable }: MemoryCoverage): Gap[] {
  const place = { image: pages.image };
  const gaps: Gap[] = [];
  if (inMappedFiles > 0n) {
    const subject = `${formatBytes(inMappedFiles)} of memory of process ${pid}`;
    gaps.push({ code: 'not_captured', subject, reason: 'they are the same as in the mapped files, which the archive does not hold', place });
  }
  const kernels = areas.reduce((sum, { start, end, backing }) => (backing.kind === 'unreadable' ? sum + end - start : sum), 0n);
  if (kernels > 0n) {
    const subject = `${formatBytes(kernels)} of memory of process ${pid}`;
    gaps.push({ code: 'not_captured', subject, reason: 'they are the kernel’s own (vvar, vsyscall), which no dump holds', place });
  }
  if (unavailable > kernels) {
    const subject = `${formatBytes(unavailable - kernels)} of memory of process ${pid}`;
    gaps.push({ code: 'missing', subject, reason: 'they were left out of the dump or are damaged', place });
  }
  return gaps;
}
