import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readPieces } from '@icecore/bytes';
import type { BundleFile } from '@icecore/evidence';
import { UsageError } from './command.ts';

/** Writes a bundle into a new folder, for its owner only. Gives the count of files. */
export async function writeBundle(folder: string, files: AsyncIterable<BundleFile>): Promise<number> {
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new UsageError(`${folder} is there already`);
    throw error;
  });
  let count = 0;
  for await (const { path, source } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
    const file = await open(join(folder, path), 'wx', 0o600);
    try {
      for await (const piece of readPieces(source)) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    count += 1;
  }
  return count;
}
