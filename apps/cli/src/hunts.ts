import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hunt, isHuntError, parseHunt, shippedHunts } from '@icecore/hunts';
import { UsageError } from './command.ts';

/** Most files of a folder of hunts that are read. */
const maxHuntFiles = 1000;

/** The hunts that come with icecore and those of a folder, which come before those of the same name; by name. */
export async function huntsOf(folder: string | undefined): Promise<readonly Hunt[]> {
  const own = folder === undefined ? [] : await readHunts(folder);
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...shippedHunts().filter(({ name }) => !names.has(name))].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What is wrong with a hunt or its values is the user's to mend. */
export function asUsage<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (isHuntError(error)) throw new UsageError(error.message);
    throw error;
  }
}

async function readHunts(folder: string): Promise<readonly Hunt[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  if (names.length > maxHuntFiles) throw new UsageError(`${folder} has more than ${maxHuntFiles} hunts`);
  const texts = await Promise.all(names.map(async (name) => [name.slice(0, -'.sql'.length), await readFile(join(folder, name), 'utf8')] as const));
  return texts.map(([name, text]) => asUsage(() => parseHunt(name, text)));
}
