import { type Gap } from '@icecore/bytes';
import type { imageTypes, MessageOf } from '@icecore/criu';
import { flagNames, mapFlags, permissions, protectionFlags, vmaStatusFlags } from '@icecore/linux';
import { addressSpace, type AddressSpace, type MappedArea, openPageSet, type PageSet } from '@icecore/memory';
import { describeFile, type FileContext, type FileDescription } from './file-description.ts';
import type { ImageReader } from './image-reader.ts';
import { type SysvSegment, sysvPath } from './memfds.ts';

export type MmEntry = MessageOf<typeof imageTypes.MM.message>;
type VmaEntry = MmEntry['vmas'][number];

/** A mapping of a process (a VMA), as `/proc/PID/maps` lists it, with what the dump knows beyond. */
export interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
  /** As in `/proc/PID/maps`: `r-xp`. */
  readonly permissions: string;
  readonly protection: readonly string[];
  readonly flags: readonly string[];
  /** CRIU's classification; see `vmaStatusFlags`. */
  readonly status: readonly string[];
  readonly statusBits: number;
  /** Path of the mapped file, or `[heap]`, `[stack]`, `[vdso]`, `[vvar]`, `[vsyscall]`; empty for anonymous memory. */
  readonly name: string;
  readonly file: FileDescription | undefined;
  /** Offset in the mapped file or segment, in bytes. */
  readonly offset: bigint;
  /** Id of the shared segment that holds the content; undefined for private memory. */
  readonly segmentId: number | undefined;
}

/** Bits of `vma_entry.status` (CRIU, `image.h`) that decide where the bytes of a mapping are. */
export const vmaStatus = {
  stack: 1 << 1,
  vsyscall: 1 << 2,
  vdso: 1 << 3,
  heap: 1 << 5,
  filePrivate: 1 << 6,
  fileShared: 1 << 7,
  anonymousShared: 1 << 8,
  sysv: 1 << 10,
  socket: 1 << 11,
  vvar: 1 << 12,
  aioRing: 1 << 13,
  memfd: 1 << 14,
  guard: 1 << 16,
} as const;

export interface MemoryContext extends FileContext {
  readonly sysv: readonly SysvSegment[];
  /** Segments that were opened so far, by id; processes that share one share its pages. */
  readonly segments: Map<number, PageSet>;
}

/** Mappings of a process in ascending order; those that break the order are left out and told as a gap. */
export function mappingsOf(mm: MmEntry, older: readonly VmaEntry[], context: MemoryContext, image: string, gaps: Gap[]): Mapping[] {
  const listed = mm.vmas.length > 0 ? mm.vmas : older;
  // Guard regions (madvise(2), MADV_GUARD_INSTALL) are noted inside the mappings that hold them.
  const entries = listed.filter(({ status }) => status !== vmaStatus.guard).sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const mappings: Mapping[] = [];
  let end = 0n;
  let dropped = 0;
  for (const entry of entries) {
    if (entry.start < end || entry.end <= entry.start) dropped += 1;
    else {
      mappings.push(mappingOf(entry, mm, context));
      end = entry.end;
    }
  }
  if (dropped > 0) {
    gaps.push({ code: 'malformed', subject: `mappings of ${image}`, reason: `${dropped} overlap others or are empty and are left out`, place: { image } });
  }
  return mappings;
}

function mappingOf(vma: VmaEntry, mm: MmEntry, context: MemoryContext): Mapping {
  const { status, shmid } = vma;
  const id = Number(shmid);
  const onFile = (status & (vmaStatus.filePrivate | vmaStatus.fileShared)) !== 0;
  const file = onFile ? describeFile(id, context) : undefined;
  return {
    start: vma.start,
    end: vma.end,
    permissions: permissions(vma.prot, vma.flags),
    // Named when asked for: a triage lists mappings by the thousand and shows few of these.
    get protection() {
      return flagNames(vma.prot, protectionFlags);
    },
    get flags() {
      return flagNames(vma.flags, mapFlags);
    },
    get status() {
      return flagNames(status, vmaStatusFlags);
    },
    statusBits: status,
    name: nameOf(vma, mm, file, context),
    file,
    offset: vma.pgoff,
    segmentId: segmentIdOf(vma, context),
  };
}

function nameOf(vma: VmaEntry, mm: MmEntry, file: FileDescription | undefined, context: MemoryContext): string {
  const { status, start, end } = vma;
  if (file !== undefined) return file.deleted ? `${file.name} (deleted)` : file.name;
  if ((status & vmaStatus.vsyscall) !== 0) return '[vsyscall]';
  if ((status & vmaStatus.vdso) !== 0) return '[vdso]';
  if ((status & vmaStatus.vvar) !== 0) return '[vvar]';
  if ((status & vmaStatus.aioRing) !== 0) return '/[aio] (deleted)';
  if ((status & vmaStatus.sysv) !== 0) {
    const segment = context.sysv.find(({ id }) => id === Number(vma.shmid));
    return segment === undefined ? '/SYSV' : `${sysvPath(segment.key)} (deleted)`;
  }
  if ((status & vmaStatus.anonymousShared) !== 0) return '/dev/zero (deleted)';
  if ((status & vmaStatus.heap) !== 0 || (start < mm.mm_brk && end > mm.mm_start_brk)) return '[heap]';
  if (start <= mm.mm_start_stack && end >= mm.mm_start_stack) return '[stack]';
  return '';
}

function segmentIdOf(vma: VmaEntry, context: MemoryContext): number | undefined {
  const { status } = vma;
  if ((status & vmaStatus.memfd) !== 0) {
    // A private mapping of a memfd has its own copies of the pages it wrote to; the rest is the segment's.
    const inode = context.entries.get(Number(vma.shmid))?.memfd?.inode_id;
    return inode === undefined ? undefined : context.memfds.get(inode)?.segmentId;
  }
  return (status & (vmaStatus.anonymousShared | vmaStatus.sysv)) !== 0 ? Number(vma.shmid) : undefined;
}

/** The memory of a process: its own pages and those of the segments it has mapped. */
export async function openMemory(pid: number, mappings: readonly Mapping[], images: ImageReader, context: MemoryContext, pageSize: number): Promise<AddressSpace> {
  const areas: MappedArea[] = [];
  for (const mapping of mappings) areas.push({ start: mapping.start, end: mapping.end, backing: await backingOf(mapping, images, context, pageSize) });
  const pages = await openPageSet(images.folder, `pagemap-${pid}.img`, pageSize);
  return addressSpace(pid, pageSize, areas, pages);
}

async function backingOf(mapping: Mapping, images: ImageReader, context: MemoryContext, pageSize: number): Promise<MappedArea['backing']> {
  const status = mapping.statusBits;
  const { segmentId } = mapping;
  if ((status & (vmaStatus.vvar | vmaStatus.vsyscall | vmaStatus.socket)) !== 0) return { kind: 'unreadable' };
  if (segmentId !== undefined) {
    const segment = context.segments.get(segmentId) ?? (await openPageSet(images.folder, `pagemap-shmem-${segmentId}.img`, pageSize));
    context.segments.set(segmentId, segment);
    const privately = (status & vmaStatus.filePrivate) !== 0;
    return privately ? { kind: 'private', over: { segment, offset: mapping.offset } } : { kind: 'shared', segment, offset: mapping.offset };
  }
  if ((status & vmaStatus.fileShared) !== 0) return { kind: 'file' };
  return { kind: 'private', over: (status & vmaStatus.filePrivate) !== 0 ? 'file' : 'zeros' };
}
