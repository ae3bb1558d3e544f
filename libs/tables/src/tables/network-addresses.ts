import { decodeAddresses } from '@icecore/linux';
import { bigint, integer, nullable, text, textList, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import { interfaceNames, networkRecords } from '../network-images.ts';
import { whole } from '../values.ts';

const seconds = (what: string) => nullable(bigint(`Seconds for which the address is ${what}, from the dump on; NULL for ever, or where not known.`));

const columns = {
  source: text('CRIU image that the address is from, or engine for what the metadata of the engine gives the container.'),
  position: integer('Place in the source, from 0.'),
  interface_index: nullable(bigint('Index of the interface; NULL where not known.')),
  interface: nullable(text('Name of the interface; NULL where not known.')),
  family: text('Address family: inet or inet6.'),
  address: nullable(text('Address; NULL where the message names none.')),
  prefix_length: nullable(bigint('Length of the network prefix, in bits; NULL where not known.')),
  peer: nullable(text('Address of the other end of a point-to-point link; NULL where it has none of its own.')),
  broadcast: nullable(text('Broadcast address; NULL where there is none.')),
  scope: nullable(text('Scope; NULL where not known.')),
  flags: nullable(textList('Flags by name; NULL where not known.')),
  label: nullable(text('Label; NULL where there is none.')),
  mac: nullable(text('Hardware address that the engine names with it; NULL where it names none.')),
  gateway: nullable(text('Gateway that the engine names with it; NULL where it names none.')),
  preferred_seconds: seconds('preferred'),
  valid_seconds: seconds('valid'),
};
type Row = ValuesOf<typeof columns>;

export const networkAddresses = filledTable(
  {
    name: 'network_addresses',
    description: 'One address of a network interface, from the dumped network namespace or from the metadata of the engine.',
    version: 1,
    columns,
    sortBy: ['source', 'position'],
  },
  async function* (from: Filling): AsyncIterable<Row> {
    yield* assigned(from);
    const nameOf = interfaceNames(from.snapshot);
    const positions = new Map<string, number>();
    for (const { image, record } of await networkRecords(from, /^ifaddr-/, decodeAddresses)) {
      const position = positions.get(image) ?? 0;
      positions.set(image, position + 1);
      yield {
        source: image,
        position,
        interface_index: whole(record.interfaceIndex),
        interface: nameOf(record.interfaceIndex),
        family: record.family,
        address: record.address ?? null,
        prefix_length: whole(record.prefixLength),
        peer: record.peer ?? null,
        broadcast: record.broadcast ?? null,
        scope: record.scope,
        flags: record.flags,
        label: record.label ?? null,
        mac: null,
        gateway: null,
        preferred_seconds: record.preferredSeconds === 'forever' ? null : whole(record.preferredSeconds),
        valid_seconds: record.validSeconds === 'forever' ? null : whole(record.validSeconds),
      };
    }
  },
);

/** What the engine says stands first: `engine` sorts before the names of images. */
function* assigned({ snapshot }: Filling): Iterable<Row> {
  for (const [position, each] of snapshot.network.assigned.entries()) {
    const [address = '', prefix] = each.address.split('/');
    yield {
      source: 'engine',
      position,
      interface_index: null,
      interface: each.interface === '' ? null : each.interface,
      family: address.includes(':') ? 'inet6' : 'inet',
      address,
      prefix_length: prefix !== undefined && /^\d{1,3}$/.test(prefix) ? BigInt(prefix) : null,
      peer: null,
      broadcast: null,
      scope: null,
      flags: null,
      label: null,
      mac: each.mac ?? null,
      gateway: each.gateway ?? null,
      preferred_seconds: null,
      valid_seconds: null,
    };
  }
}
