import { bigint, integer, nullable, text, type ValuesOf } from '@icecore/lake';
import { valuesOf } from '@icecore/snapshot';
import { type Filling, filledTable } from '../filled-table.ts';
import { byPid } from '../values.ts';

const columns = {
  pid: bigint('Process id.'),
  position: integer('Place in the environment, from 0.'),
  name: text('Text before the first equals sign, or all of it where there is none.'),
  value: nullable(text('Text after the first equals sign, with a mark in place of each secret; NULL where there is none.')),
  secret_type: nullable(text('Kind of secret that the variable holds, by its value or by its name; NULL where it holds none.')),
  secret_hmac: nullable(text('HMAC-SHA256 of the secret under the tenant’s key, in lower-case hex; NULL where there is none.')),
};

export const environment = filledTable(
  { name: 'environment', description: 'One variable of the environment of a process, read from its memory.', version: 2, columns, sortBy: ['pid', 'position'] },
  function* ({ snapshot, redaction }: Filling): Iterable<ValuesOf<typeof columns>> {
    for (const process of byPid(snapshot.processes)) {
      for (const [position, variable] of valuesOf(process.environment).entries()) {
        const equals = variable.indexOf('=');
        const name = equals === -1 ? variable : variable.slice(0, equals);
        const shown = equals === -1 ? undefined : redaction.variable(name, variable.slice(equals + 1));
        yield {
          pid: BigInt(process.pid),
          position,
          name,
          value: shown?.value ?? null,
          secret_type: shown?.secret?.type ?? null,
          secret_hmac: shown?.secret?.hmac ?? null,
        };
      }
    }
  },
);
