import { signalNames } from '@icecore/linux';
import { addressHex, bigint, integer, nullableAddress, nullableAddressValues, text, textList, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import { byPid } from '../values.ts';

const columns = {
  pid: bigint('Process id.'),
  position: integer('Place among the actions of the process, in the order of signal numbers, from 0.'),
  signal: text('Name of the signal.'),
  action: text('What happens on the signal: ignore or handle.'),
  ...nullableAddress('handler', 'Address of the handler; NULL where the signal is ignored.'),
  flags_hex: text('Flags of sigaction(2) as sixteen hex digits.'),
  blocked_signals: textList('Names of the signals that are blocked while the handler runs.'),
};

export const signalActions = filledTable(
  {
    name: 'signal_actions',
    description: 'What a process does on a signal, where that is not the default.',
    version: 1,
    columns,
    sortBy: ['pid', 'position'],
  },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    for (const process of byPid(snapshot.processes)) {
      for (const [position, { signal, handler, flags, mask }] of process.signalActions.entries()) {
        yield {
          pid: BigInt(process.pid),
          position,
          signal,
          action: handler === 'ignore' ? 'ignore' : 'handle',
          ...nullableAddressValues('handler', handler === 'ignore' ? null : handler),
          flags_hex: addressHex(flags),
          blocked_signals: signalNames(mask),
        };
      }
    }
  },
);
