import { address, addressValues, bigint, boolean, nullable, text, textList, type ValuesOf } from '@icecore/lake';
import { segmentOf } from '@icecore/memory';
import type { Mapping, Process } from '@icecore/snapshot';
import { type Filling, filledTable } from '../filled-table.ts';
import { byteCounter } from '../stored-bytes.ts';
import { byPid, whole } from '../values.ts';

const columns = {
  pid: bigint('Process id.'),
  ...address('start', 'First address of the mapping.'),
  ...address('end', 'Address behind the last of the mapping.'),
  size: nullable(bigint('Size of the mapping, in bytes.')),
  permissions: text('Permissions as /proc/PID/maps shows them, for example r-xp.'),
  flags: textList('Flags of mmap(2) by name.'),
  status: textList('How CRIU classifies the mapping.'),
  name: text('Mapped file, or a name in brackets such as [heap]; empty for anonymous memory.'),
  file_id: nullable(bigint('Id of the mapped file; NULL where no file is mapped.')),
  file_type: nullable(text('Kind of the mapped file in the words of CRIU; NULL where no file is mapped.')),
  file_deleted: nullable(boolean('True where the path of the mapped file has no file any more; NULL where no file is mapped.')),
  build_id: nullable(text('GNU build id of the mapped file, in hex; NULL where the dump does not say.')),
  file_offset: nullable(bigint('Offset in the mapped file or segment, in bytes.')),
  present_bytes: nullable(bigint('Bytes of pages of the process itself in the mapping that the dump holds; NULL where memory could not be read.')),
  parent_bytes: nullable(bigint('Bytes of its pages that the dump leaves to the one it builds on; NULL where memory could not be read.')),
  segment_id: nullable(bigint('Id of the shared segment that the mapping shows; NULL for private memory.')),
  segment_bytes: nullable(bigint('Bytes of pages in the part of the segment shown that the dump holds; NULL where no segment is shown.')),
};

export const memoryMappings = filledTable(
  {
    name: 'memory_mappings',
    description: 'One mapping of the memory of a process, and how much of it the archive holds.',
    version: 1,
    columns,
    sortBy: ['pid', 'start_hex'],
  },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    const presence = presenceCounter();
    for (const process of byPid(snapshot.processes)) {
      for (const [index, mapping] of process.mappings.entries()) {
        const { start, end, file } = mapping;
        yield {
          pid: BigInt(process.pid),
          ...addressValues('start', start),
          ...addressValues('end', end),
          size: end - start,
          permissions: mapping.permissions,
          flags: mapping.flags,
          status: mapping.status,
          name: mapping.name,
          file_id: whole(file?.id),
          file_type: file?.type ?? null,
          file_deleted: file?.deleted ?? null,
          build_id: file?.buildId ?? null,
          file_offset: mapping.offset,
          segment_id: whole(mapping.segmentId),
          ...presence(process, mapping, index),
        };
      }
    }
  },
);

function presenceCounter() {
  const count = byteCounter();
  return ({ memory }: Process, { start, end }: Mapping, index: number) => {
    if (memory === undefined) return { present_bytes: null, parent_bytes: null, segment_bytes: null };
    const own = (state: 'stored' | 'parent'): bigint => BigInt(count(memory.pages, state, Number(start), Number(end)));
    const area = memory.areas[index];
    const view = area === undefined ? undefined : segmentOf(area);
    return {
      present_bytes: own('stored'),
      parent_bytes: own('parent'),
      segment_bytes: view === undefined ? null : BigInt(count(view.segment, 'stored', Number(view.offset), Number(view.offset + end - start))),
    };
  };
}
