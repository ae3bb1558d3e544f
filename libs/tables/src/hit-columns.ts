import { bigint, nullable, nullableAddress, nullableAddressValues, text } from '@icecore/lake';
import type { HitPlace } from '@icecore/scan';
import { whole } from './values.ts';

/** The columns that say where a hit of the scan is. */
export const hitColumns = {
  found_in: text('memory; queue of a socket or pipe; or, for a file: deleted, memfd, shared_memory, sysv, rootfs, tmpfs, shm, volume, log or archive.'),
  subject: text('Kind of memory region, path of the file, or name of the queue.'),
  pid: nullable(bigint('First process that has it; NULL where none has.')),
  ...nullableAddress('address', 'Address in that process; NULL for what is not in memory.'),
  source: text('CRIU image or archive entry that holds the bytes.'),
  source_offset: bigint('Offset in it, in bytes; of no use where it is compressed.'),
};

/** The values of `hitColumns`. */
export function hitValues(place: HitPlace) {
  if (place.kind === 'memory') {
    const first = place.owners.find(({ pid }) => pid !== undefined) ?? place.owners[0];
    const address = first === undefined ? null : BigInt.asUintN(64, first.address);
    return { found_in: 'memory', subject: place.region, pid: whole(first?.pid), ...nullableAddressValues('address', address), source: place.image, source_offset: BigInt(place.offset) };
  }
  const file = place.kind === 'file';
  return {
    found_in: file ? place.origin : 'queue',
    subject: file ? place.path : place.subject,
    pid: whole(place.pids[0]),
    ...nullableAddressValues('address', null),
    source: file ? place.entry : place.image,
    source_offset: BigInt(place.offset),
  };
}

/** The processes that have the bytes, in no order. */
export function pidsOf(place: HitPlace): readonly number[] {
  return place.kind === 'memory' ? place.owners.flatMap(({ pid }) => pid ?? []) : place.pids;
}
