import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { zstdDecompressSync } from 'node:zlib';
import type { ContainerName } from './answers.ts';

/** Takes a checkpoint into a file. Rejects with the runtime's words, as the kubelet would quote them. */
export interface Checkpointer {
  take(container: ContainerName, path: string): Promise<void>;
}

/**
 * A checkpoint that was recorded, written as a runtime writes one: piece by piece, under its name from the beginning, so that
 * whoever looks too early sees half of it. One in zstd is unpacked, for a kubelet's archives are plain.
 */
export function recordedCheckpointer(archive: string, durationMs: () => number): Checkpointer {
  let bytes: Promise<Buffer> | undefined;
  return {
    async take(_container, path) {
      bytes ??= readFile(archive).then((read) => (archive.endsWith('.zst') ? zstdDecompressSync(read) : read));
      const whole = await bytes;
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      const duration = durationMs();
      const file = await open(path, 'w', 0o600);
      try {
        await sleep(duration / 2);
        const half = Math.floor(whole.length / 2);
        await file.write(whole.subarray(0, half));
        await sleep(duration / 2);
        await file.write(whole.subarray(half));
      } finally {
        await file.close();
      }
    },
  };
}
