import { formatLimit, unlimited } from '@icecore/linux';
import { bigint, integer, nullable, text, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import { byPid } from '../values.ts';

const columns = {
  pid: bigint('Process id.'),
  position: integer('Number of the resource, as setrlimit(2) counts them.'),
  name: text('Name of the resource: RLIMIT_NOFILE and others.'),
  soft: nullable(bigint('Soft limit in the unit of the resource; NULL for unlimited.')),
  soft_text: text('Soft limit as text: unlimited, or the number.'),
  hard: nullable(bigint('Hard limit in the unit of the resource; NULL for unlimited.')),
  hard_text: text('Hard limit as text: unlimited, or the number.'),
};

export const limits = filledTable(
  { name: 'limits', description: 'One resource limit of a process.', version: 1, columns, sortBy: ['pid', 'position'] },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    for (const process of byPid(snapshot.processes)) {
      for (const [position, { name, soft, hard }] of process.limits.entries()) {
        yield {
          pid: BigInt(process.pid),
          position,
          name,
          soft: soft === unlimited ? null : soft,
          soft_text: formatLimit(soft),
          hard: hard === unlimited ? null : hard,
          hard_text: formatLimit(hard),
        };
      }
    }
  },
);
