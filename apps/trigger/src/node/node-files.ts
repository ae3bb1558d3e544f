import { join } from 'node:path';
import type { NodeFiles } from '@icecore/capture';
import { textFilesAt } from '@icecore/local';

/** Where nodes keep what decides about checkpoints. */
const places = { criu: ['etc/criu'], runtime: ['etc/containerd/config.toml', 'etc/containerd/conf.d', 'etc/crio/crio.conf', 'etc/crio/crio.conf.d'] } as const;

/** Configuration of the node under the place where its root, or parts of it, are mounted. */
export function nodeFiles(hostRoot: string | undefined): NodeFiles {
  return {
    async configuration(of) {
      if (hostRoot === undefined) return undefined;
      const found = await Promise.all(places[of].map((place) => textFilesAt(join(hostRoot, place))));
      return found.every((files) => files === undefined) ? undefined : found.flatMap((files) => files ?? []);
    },
  };
}
