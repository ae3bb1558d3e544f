import { text, type ValuesOf } from '@icecore/lake';
import { type FindingFilling, findingTable } from '../finding-filling.ts';
import { hitColumns, hitValues, placeKey } from '../hit-columns.ts';
import { sortedBy } from '../values.ts';

const columns = {
  indicator: text('The indicator as the user’s list spells it.'),
  type: text('string, domain, hash or ip.'),
  encoding: text('ascii, utf-16le or bytes.'),
  ...hitColumns,
};

export const watchMatches = findingTable(
  { name: 'watch_matches', description: 'One place where one of the user’s own indicators was seen.', version: 1, columns, sortBy: ['indicator', 'type'] },
  function* ({ hits }: FindingFilling): Iterable<ValuesOf<typeof columns>> {
    const matches = (hits ?? []).filter((hit) => hit.kind === 'watch');
    for (const { indicator, type, encoding, place } of sortedBy(matches, (match) => `${match.indicator}\0${match.type}\0${placeKey(match.place)}`)) {
      yield { indicator, type, encoding, ...hitValues(place) };
    }
  },
);
