import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of configuration, as text. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** Most of a file that is read, in bytes. */
const maxFileBytes = 1 << 20;

/** The file at a path, or the files of the folder there in the order of names; undefined where neither is there. What may not be read is left out. */
export async function textFilesAt(path: string): Promise<readonly TextFile[] | undefined> {
  const names = await readdir(path).catch((): undefined => undefined);
  if (names === undefined) {
    const text = await textFileAt(path);
    return text === undefined ? undefined : [{ name: path, text }];
  }
  const files = await Promise.all(names.toSorted().map(async (name) => ({ name, text: await textFileAt(join(path, name)) })));
  return files.filter((file): file is TextFile => file.text !== undefined);
}

/** The beginning of a file as text; undefined where it is not there or may not be read. */
export async function textFileAt(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file)).subarray(0, maxFileBytes).toString('utf8');
  } catch {
    return undefined;
  }
}
