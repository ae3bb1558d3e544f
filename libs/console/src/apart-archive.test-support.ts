import { gunzipSync, gzipSync } from 'node:zlib';
import { alterImage, membersOf, tarOf } from '@icecore/views/test-support';

/** What the file in the tmpfs says. */
export const tmpfsText = '#!/bin/sh\nexec /dev/.stage/run --quiet\n';

/**
 * The archive with a shell (process 23) that is in network and mount namespaces of its own, as `unshare` leaves it, and a file
 * that lies in the tmpfs of /dev alone.
 */
export async function apartArchive(original: Uint8Array): Promise<Buffer> {
  const members = await membersOf(original);
  await alterImage(members, 'checkpoint/ids-23.img', (key, value) => (key === 'net_ns_id' || key === 'mnt_ns_id' ? Number(value) + 40 : value));
  for (const [path, bytes] of members) {
    if (!/tmpfs-dev-\d+\.tar\.gz\.img$/.test(path)) continue;
    const tar = gunzipSync(bytes);
    // Before the two empty blocks at its end.
    const end = lastBlock(tar);
    const file = tarOf([['./.stage/run.sh', Buffer.from(tmpfsText)]]);
    members.set(path, gzipSync(Buffer.concat([tar.subarray(0, end), file])));
    break;
  }
  return tarOf(members);
}

/** Where the last entry of a tar ends. */
function lastBlock(tar: Uint8Array): number {
  let end = tar.length;
  while (end >= 512 && tar.subarray(end - 512, end).every((byte) => byte === 0)) end -= 512;
  return end;
}
