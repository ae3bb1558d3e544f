import { bigint, nullable, text, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import { sortedBy } from '../values.ts';

const columns = {
  interface_index: bigint('Index of the interface.'),
  name: text('Name of the interface.'),
  kind: text('Kind of the interface in the words of CRIU: LOOPBACK, VETH and others.'),
  mtu: bigint('Largest packet, in bytes.'),
  mac: nullable(text('Hardware address; NULL where it has none.')),
};

export const networkInterfaces = filledTable(
  {
    name: 'network_interfaces',
    description: 'One network interface of the dumped network namespace; none where the namespace belongs to the pod.',
    version: 1,
    columns,
    sortBy: ['interface_index'],
  },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    for (const { index, name, kind, mtu, mac } of sortedBy(snapshot.network.interfaces, (each) => each.index)) {
      yield { interface_index: BigInt(index), name, kind, mtu: BigInt(mtu), mac: mac ?? null };
    }
  },
);
