import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PutJournal, requireVaultKey } from '@icecore/evidence';
import { absent, filesBelow, replaceFile, syncFolder } from './folder-files.ts';

const newline = 0x0a;

/** A journal of puts in a folder that only its owner may read: a file a record. One process at a time may use it. */
export function putJournalFolder(root: string): PutJournal {
  const made = async (name: string): Promise<string> => {
    const path = pathOf(root, name);
    const first = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (first !== undefined) for (let folder = dirname(path); folder.length >= dirname(first).length; folder = dirname(folder)) await syncFolder(folder);
    return path;
  };
  return {
    read: (name) => readFile(pathOf(root, name)).catch(absent),
    async write(name, bytes) {
      await replaceFile(await made(name), bytes);
    },
    async append(name, line) {
      const path = await made(name);
      const file = await open(path, 'a+', 0o600);
      try {
        const { size } = await file.stat();
        // A line that a crash cut is ended first, so that it spoils no other.
        const cut = size > 0 && (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== newline;
        await file.appendFile(`${cut ? '\n' : ''}${line}\n`);
        await file.sync();
        if (size === 0) await syncFolder(dirname(path));
      } finally {
        await file.close();
      }
    },
    async *names(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      // What ends so is a record that was being written.
      for await (const name of filesBelow(root, folder, (each) => !/\.[0-9a-f-]{36}$/.test(each))) if (name.startsWith(prefix)) yield name;
    },
    async forget(name) {
      await rm(pathOf(root, name.replace(/\/$/, '')), { recursive: true, force: true });
    },
  };
}

function pathOf(root: string, name: string): string {
  const [key = '', ending] = name.split('~');
  return join(root, ending === undefined ? requireVaultKey(key) : `${requireVaultKey(key)}~${ending.replaceAll(/[^a-z]/g, '')}`);
}
