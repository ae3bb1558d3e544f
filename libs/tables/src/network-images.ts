import { type Gap, gapOf, readAll } from '@icecore/bytes';
import type { NetlinkRecords } from '@icecore/linux';
import type { ContainerSnapshot } from '@icecore/snapshot';
import type { Filling } from './filled-table.ts';

/** Largest image of netlink messages that is read. */
export const maxNetlinkImageBytes = 64 << 20;

/** A record of a network image, with the image that it is from. */
export interface NetworkRecord<T> {
  readonly image: string;
  readonly record: T;
}

/** Records of all network images whose names match, in the order of the names; damage is told as gaps. */
export async function networkRecords<T>(from: Filling, pattern: RegExp, decode: (bytes: Uint8Array) => NetlinkRecords<T>): Promise<NetworkRecord<T>[]> {
  const { snapshot, gaps } = from;
  const records: NetworkRecord<T>[] = [];
  for (const image of snapshot.network.images.filter((name) => pattern.test(name)).sort()) {
    const source = snapshot.images.open(image);
    if (source === undefined) continue;
    const inImage = (gap: Gap): Gap => ({ ...gap, place: { ...gap.place, image } });
    if (source.size > maxNetlinkImageBytes) {
      gaps.push(inImage({ code: 'limit', subject: `records of ${image}`, reason: `${source.size} bytes are over ${maxNetlinkImageBytes}`, place: {} }));
      continue;
    }
    try {
      const decoded = decode(await readAll(source));
      gaps.push(...decoded.gaps.map(inImage));
      for (const record of decoded.records) records.push({ image, record });
    } catch (error) {
      gaps.push(inImage(gapOf(`records of ${image}`, error)));
    }
  }
  return records;
}

/** Names of interfaces by index; null where none or several of different names have the index. */
export function interfaceNames({ network }: ContainerSnapshot): (index: number | undefined) => string | null {
  const names = Map.groupBy(network.interfaces, ({ index }) => index);
  return (index) => {
    const [first, ...others] = index === undefined ? [] : (names.get(index) ?? []);
    return first !== undefined && others.every(({ name }) => name === first.name) ? first.name : null;
  };
}
