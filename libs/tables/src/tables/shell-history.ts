import { nullable, text, timestamp, type ValuesOf } from '@icecore/lake';
import { type FindingFilling, findingTable } from '../finding-filling.ts';
import { hitColumns, hitValues, placeKey } from '../hit-columns.ts';
import { sortedBy } from '../values.ts';

const columns = {
  command: text('The command as it was entered, secrets masked.'),
  entered_at: nullable(timestamp('When it was entered, by the shell’s own note, in UTC; NULL where it has none.')),
  ...hitColumns,
};

export const shellHistory = findingTable(
  { name: 'shell_history', description: 'One line of the history that a shell has in its memory, whether or not it ever wrote it to a file.', version: 1, columns, sortBy: ['pid', 'entered_at'] },
  function* ({ hits }: FindingFilling): Iterable<ValuesOf<typeof columns>> {
    const lines = (hits ?? []).filter((hit) => hit.kind === 'history');
    const byPlace = sortedBy(lines, ({ place }) => placeKey(place));
    const byMoment = sortedBy(byPlace, ({ enteredAt }) => enteredAt?.getTime() ?? Number.MAX_SAFE_INTEGER);
    for (const { pid, command, enteredAt, place } of sortedBy(byMoment, (line) => line.pid)) {
      yield { ...hitValues(place), pid: BigInt(pid), command, entered_at: enteredAt ?? null };
    }
  },
);
