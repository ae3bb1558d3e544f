import { bigint, nullable, nullableAddress, nullableAddressValues, structList, text } from '@icecore/lake';
import type { HitPlace } from '@icecore/scan';
import { whole } from './values.ts';

/** Most owners of a shared page that one row lists. */
export const maxOwnerCount = 256;

/** The columns that say where a hit of the scan is. */
export const hitColumns = {
  found_in: text('memory; queue of a socket or pipe; or, for a file: deleted, memfd, shared_memory, sysv, rootfs, tmpfs, shm, volume, log or archive.'),
  subject: nullable(text('Kind of memory region, path of the file, or name of the queue; NULL where there is none.')),
  permissions: nullable(text('Permissions of the mapping; NULL for what is not in memory.')),
  pid: nullable(bigint('First process that has it; NULL where none has.')),
  ...nullableAddress('address', 'Address in that process; NULL for what is not in memory.'),
  source: text('CRIU image or archive entry that holds the bytes.'),
  source_offset: nullable(bigint('Offset in it, in bytes; of no use where it is compressed.')),
  owners: structList(
    { pid: nullable(bigint('Process; NULL for a segment that none has mapped.')), address_hex: nullable(text('Address in it, 16 hex digits.')) },
    'Every process that has the bytes.',
  ),
};

/** The values of `hitColumns`. */
export function hitValues(place: HitPlace) {
  if (place.kind === 'memory') {
    const { owners, region, permissions, image, offset } = place;
    const first = owners.find(({ pid }) => pid !== undefined) ?? owners[0];
    return {
      found_in: 'memory',
      subject: region,
      permissions,
      pid: whole(first?.pid),
      ...nullableAddressValues('address', first === undefined ? null : BigInt.asUintN(64, first.address)),
      source: image,
      source_offset: whole(offset),
      owners: owners.slice(0, maxOwnerCount).map(({ pid, address }) => ({ pid: whole(pid), address_hex: hexOf(address) })),
    };
  }
  const file = place.kind === 'file';
  return {
    found_in: file ? place.origin : 'queue',
    subject: file ? place.path : place.subject,
    permissions: null,
    pid: whole(place.pids[0]),
    ...nullableAddressValues('address', null),
    source: file ? place.entry : place.image,
    source_offset: whole(place.offset),
    owners: place.pids.slice(0, maxOwnerCount).map((pid) => ({ pid: BigInt(pid), address_hex: null })),
  };
}

/** The processes that have the bytes, in no order. */
export function pidsOf(place: HitPlace): readonly number[] {
  return place.kind === 'memory' ? place.owners.flatMap(({ pid }) => (pid === undefined ? [] : [pid])) : place.pids;
}

/** A text that orders places and tells them apart. */
export function placeKey(place: HitPlace): string {
  if (place.kind === 'memory') {
    const [first] = place.owners;
    return `1 ${String(first?.pid ?? 0).padStart(10, '0')} ${hexOf(first?.address ?? 0n)} ${place.image} ${place.offset}`;
  }
  const name = place.kind === 'file' ? `2 ${place.path} ${place.entry}` : `3 ${place.subject} ${place.image}`;
  return `${name} ${String(place.offset).padStart(16, '0')}`;
}

function hexOf(address: bigint): string {
  return BigInt.asUintN(64, address).toString(16).padStart(16, '0');
}
