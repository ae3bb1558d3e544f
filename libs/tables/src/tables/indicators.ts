import { bigint, integer, nullable, structList, text, textList, type ValuesOf } from '@icecore/lake';
import type { IndicatorHit } from '@icecore/scan';
import { addressKey } from '../address-key.ts';
import { type FindingFilling, findingTable } from '../finding-filling.ts';
import { hitColumns, hitValues, pidsOf, placeKey } from '../hit-columns.ts';
import { sortedBy } from '../values.ts';

/** Most processes that one row lists. */
const maxPidCount = 1024;

const columns = {
  type: text('url, domain, ipv4, ipv6, email, md5, sha1, sha256, wallet, mining_pool, path, command_line, onion or mac_address.'),
  value: text('The value in its usual form: hosts in lower case, addresses canonical, secrets masked.'),
  address_key: nullable(text('An IP address as 32 hex digits, IPv4 as ::ffff:a.b.c.d, so that a network is a range of text; NULL for other types.')),
  occurrence_count: bigint('How often it was seen in the capture.'),
  place_count: integer('In how many blocks of memory, files and queues.'),
  encodings: textList('Encodings that it was seen in: ascii, utf-16le.'),
  processes: structList({ pid: bigint('Process id.') }, 'Processes that have it, by ascending pid.'),
  ...hitColumns,
};

export const indicators = findingTable(
  { name: 'indicators', description: 'Something to pivot on, once for each capture that it was seen in, with its first place.', version: 1, columns, sortBy: ['type', 'value'] },
  function* ({ hits }: FindingFilling): Iterable<ValuesOf<typeof columns>> {
    const byValue = Map.groupBy((hits ?? []).filter((hit) => hit.kind === 'indicator'), ({ type, value }) => `${type}\0${value}`);
    for (const [, same] of sortedBy(byValue, ([key]) => key)) yield rowOf(same);
  },
);

function rowOf(hits: readonly IndicatorHit[]): ValuesOf<typeof columns> {
  const [first = hits[0]] = sortedBy(hits, ({ place }) => placeKey(place));
  if (first === undefined) throw new RangeError('a group has a member');
  const pids = [...new Set(hits.flatMap(({ place }) => pidsOf(place)))].sort((a, b) => a - b);
  return {
    type: first.type,
    value: first.value,
    address_key: first.type === 'ipv4' || first.type === 'ipv6' ? addressKey(first.value) : null,
    occurrence_count: BigInt(hits.reduce((sum, { count }) => sum + count, 0)),
    place_count: hits.length,
    encodings: [...new Set(hits.map(({ encoding }) => encoding))].sort(),
    processes: pids.slice(0, maxPidCount).map((pid) => ({ pid: BigInt(pid) })),
    ...hitValues(first.place),
  };
}
