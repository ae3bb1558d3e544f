import { open, rm } from 'node:fs/promises';

/** Writes a new file, for its owner only, from pieces. Takes it away again where they break off. Rejects with EEXIST where there is one. */
export async function writeStream(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
