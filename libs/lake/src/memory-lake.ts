import { memorySource } from '@icecore/bytes';
import { sha256Of } from './compaction/compaction-id.ts';
import { LakeError } from './errors.ts';
import { requireLakePath } from './path.ts';
import type { LakeStore } from './ports.ts';

/** A lake in memory, for tests and for data that is to be looked at once. */
export function memoryLake(): LakeStore {
  const files = new Map<string, Uint8Array>();
  return {
    async writePart(path, bytes) {
      files.set(requireLakePath(path), bytes.slice());
    },
    async removePart(path, sha256) {
      const bytes = files.get(requireLakePath(path));
      return bytes !== undefined && sha256Of(bytes) === sha256 && files.delete(path);
    },
    async *list(prefix) {
      for (const path of [...files.keys()].sort()) {
        if (path.startsWith(prefix)) yield { path, size: files.get(path)?.length ?? 0 };
      }
    },
    async open(path) {
      const bytes = files.get(requireLakePath(path));
      if (bytes === undefined) throw new LakeError('missing', `the lake has no ${path}`);
      return memorySource(bytes);
    },
  };
}
