import { join } from 'node:path';
import { configurationPlaces, type NodeFiles } from '@icecore/capture';
import { textFilesAt } from '@icecore/local';

/** Configuration of the node under the place where its root, or parts of it, are mounted. */
export function nodeFiles(hostRoot: string | undefined): NodeFiles {
  return {
    async configuration(of) {
      if (hostRoot === undefined) return undefined;
      const found = await Promise.all(configurationPlaces[of].map((place) => textFilesAt(join(hostRoot, place))));
      return found.every((files) => files === undefined) ? undefined : found.flatMap((files) => files ?? []);
    },
  };
}
