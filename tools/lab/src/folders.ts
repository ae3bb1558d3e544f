import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a lab keeps what it makes; nothing of it belongs into the repository. */
export interface LabFolders {
  /** The root file system that containers and CRIU run in. */
  readonly root: string;
  /** Seen as `/lab` inside. */
  readonly work: string;
  /** One folder a scenario. */
  readonly captures: string;
}

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Folder of the programs that the scenarios run, as they are in the repository. */
export const programsFolder = fileURLToPath(new URL('../programs/', import.meta.url));

/** The folders below `ICECORE_LAB`, else below `.icecore/lab` of the repository; made where they are not there. */
export function labFolders(): LabFolders {
  const base = resolve(process.env['ICECORE_LAB'] ?? join(repository, '.icecore/lab'));
  const folders = { root: join(base, 'root'), work: join(base, 'work'), captures: join(base, 'captures') };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return folders;
}
