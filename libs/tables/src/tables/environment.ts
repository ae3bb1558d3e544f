import { bigint, integer, nullable, text, type ValuesOf } from '@icecore/lake';
import { valuesOf } from '@icecore/snapshot';
import { type Filling, filledTable } from '../filled-table.ts';
import { byPid } from '../values.ts';

const columns = {
  pid: bigint('Process id.'),
  position: integer('Place in the environment, from 0.'),
  name: text('Text before the first equals sign, or all of it where there is none.'),
  value: nullable(text('Text after the first equals sign, as it was, secrets included; NULL where there is none.')),
};

export const environment = filledTable(
  { name: 'environment', description: 'One variable of the environment of a process, read from its memory.', version: 1, columns, sortBy: ['pid', 'position'] },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    for (const process of byPid(snapshot.processes)) {
      for (const [position, variable] of valuesOf(process.environment).entries()) {
        const equals = variable.indexOf('=');
        yield {
          pid: BigInt(process.pid),
          position,
          name: equals === -1 ? variable : variable.slice(0, equals),
          value: equals === -1 ? null : variable.slice(equals + 1),
        };
      }
    }
  },
);
