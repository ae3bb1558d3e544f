import { formatMode, type OpenFlagNumbering, openFlags } from '@icecore/linux';
import { bigint, boolean, nullable, text, textList, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import { byPid, whole } from '../values.ts';

const columns = {
  pid: bigint('Process id.'),
  fd: bigint('Number of the file descriptor.'),
  file_id: bigint('Id of the open file; descriptors that share an open file share it.'),
  type: text('Kind of the file in the words of CRIU: REG, PIPE, INETSK, MEMFD and others.'),
  name: text('Name as the links in /proc/PID/fd read.'),
  deleted: boolean('True where the path has no file any more, or never had one.'),
  flags: nullable(bigint('Open flags as a number; NULL where the kind has none.')),
  flag_names: nullable(textList('Open flags by name, the access mode first; NULL where the kind has none.')),
  position: nullable(bigint('Position, in bytes; NULL where the kind has none.')),
  size: nullable(bigint('Size of the file, in bytes; NULL where the dump does not say.')),
  mode: nullable(bigint('Type and permission bits; NULL where the dump does not say.')),
  mode_text: nullable(text('Type and permissions as ls(1) shows them; NULL where the dump does not say.')),
  close_on_exec: boolean('True where execve(2) closes the descriptor.'),
  mount_id: nullable(bigint('Id of the mount that the file is in; NULL where the dump does not say.')),
  build_id: nullable(text('GNU build id of a binary, in hex; NULL where the dump does not say.')),
};

export const openFiles = filledTable(
  { name: 'open_files', description: 'One file descriptor of a process.', version: 1, columns, sortBy: ['pid', 'fd'] },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    const numbering = numberingOf(snapshot.dump.machine?.name);
    for (const process of byPid(snapshot.processes)) {
      for (const { fd, fileId, closeOnExec, file } of process.descriptors) {
        yield {
          pid: BigInt(process.pid),
          fd: BigInt(fd),
          file_id: BigInt(fileId),
          type: file.type,
          name: file.name,
          deleted: file.deleted,
          flags: whole(file.flags),
          flag_names: file.flags === undefined ? null : openFlags(file.flags, numbering),
          position: whole(file.position),
          size: whole(file.size),
          mode: whole(file.mode),
          mode_text: file.mode === undefined ? null : formatMode(file.mode),
          close_on_exec: closeOnExec,
          mount_id: whole(file.mountId),
          build_id: file.buildId ?? null,
        };
      }
    }
  },
);

function numberingOf(machine: string | undefined): OpenFlagNumbering {
  if (machine === 'AARCH64' || machine === 'ARM') return 'arm';
  return machine === 'PPC64' ? 'powerpc' : 'generic';
}
