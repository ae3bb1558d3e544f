import { decodeRoutes } from '@icecore/linux';
import { bigint, integer, nullable, structList, text, textList, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import { interfaceNames, networkRecords } from '../network-images.ts';
import { whole } from '../values.ts';

const columns = {
  criu_image: text('CRIU image that the route is from.'),
  position: integer('Place in the image, from 0.'),
  family: text('Address family: inet or inet6.'),
  type: text('Kind of route: unicast, local, blackhole and others.'),
  destination: text('Network that the route leads to as a prefix, or default.'),
  source: nullable(text('Prefix that packets must come from; NULL where any will do.')),
  gateway: nullable(text('Gateway; NULL where there is none.')),
  interface_index: nullable(bigint('Index of the interface that packets leave by; NULL where there is none or several.')),
  interface: nullable(text('Name of that interface; NULL where not known.')),
  next_hops: structList(
    {
      gateway: nullable(text('Gateway; NULL where there is none.')),
      interface_index: bigint('Index of the interface.'),
      weight: bigint('Share of the traffic, from 1.'),
    },
    'Ways of a route that has several; empty for others.',
  ),
  routing_table: text('Routing table: main, local, or its number.'),
  protocol: text('Who set the route.'),
  scope: text('Scope.'),
  metric: nullable(bigint('Metric, lower goes first; NULL where there is none.')),
  preferred_source: nullable(text('Source address that is preferred; NULL where there is none.')),
  mtu: nullable(bigint('Largest packet, in bytes; NULL where the route sets none.')),
  flags: textList('Flags by name.'),
};

export const networkRoutes = filledTable(
  { name: 'network_routes', description: 'One route of the dumped network namespace.', version: 1, columns, sortBy: ['criu_image', 'position'] },
  async function* (from: Filling): AsyncIterable<ValuesOf<typeof columns>> {
    const nameOf = interfaceNames(from.snapshot);
    const positions = new Map<string, number>();
    for (const { image, record } of await networkRecords(from, /^route6?-/, decodeRoutes)) {
      const position = positions.get(image) ?? 0;
      positions.set(image, position + 1);
      const { family, type, destination, table, protocol, scope, flags } = record;
      yield {
        criu_image: image,
        position,
        family,
        type,
        destination,
        source: record.source ?? null,
        gateway: record.gateway ?? null,
        interface_index: whole(record.interfaceIndex),
        interface: nameOf(record.interfaceIndex),
        next_hops: record.nextHops.map(({ gateway, interfaceIndex, weight }) => ({
          gateway: gateway ?? null,
          interface_index: BigInt(interfaceIndex),
          weight: BigInt(weight),
        })),
        routing_table: table,
        protocol,
        scope,
        metric: whole(record.metric),
        preferred_source: record.preferredSource ?? null,
        mtu: whole(record.mtu),
        flags,
      };
    }
  },
);
