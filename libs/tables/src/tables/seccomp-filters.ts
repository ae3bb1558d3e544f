import { bigint, integer, json, nullable, textList, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import { sortedBy, whole } from '../values.ts';

const columns = {
  index: integer('Index of the filter in the dump, by which processes and threads refer to it.'),
  previous: nullable(bigint('Index of the filter that was there before and runs as well; NULL for the first that was loaded.')),
  flags: bigint('Flags of seccomp(2).'),
  instructions: integer('Number of instructions.'),
  thread_count: integer('Number of threads whose newest filter this is.'),
  listing: textList('The program, one line an instruction.'),
  summary: nullable(json('Which system calls end how; NULL where the filter decides by more than the number of the call.')),
};

export const seccompFilters = filledTable(
  { name: 'seccomp_filters', description: 'One seccomp filter of the dump.', version: 1, columns, sortBy: ['index'] },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    const users = Map.groupBy(snapshot.processes.flatMap(({ threads }) => threads), ({ seccomp }) => seccomp.filter);
    for (const { index, previous, flags, instructions, listing, summary } of sortedBy(snapshot.seccompFilters, (filter) => filter.index)) {
      yield {
        index,
        previous: whole(previous),
        flags: BigInt(flags),
        instructions,
        thread_count: users.get(index)?.length ?? 0,
        listing,
        summary: summary === undefined ? null : { ...summary },
      };
    }
  },
);
