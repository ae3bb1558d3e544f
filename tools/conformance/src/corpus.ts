import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { type CheckpointArchive, openArchive } from '@icecore/archive';
import { type ByteSource, memorySource } from '@icecore/bytes';
import { fileSource, folderSpool } from '@icecore/local';
import { type ContainerSnapshot, openSnapshot } from '@icecore/snapshot';
import { readTruth, type Truth } from './truth.ts';

/** An archive of the corpus, with the files beside it that say what is in it. */
export interface CorpusArchive {
  /** Path from the corpus folder, without the endings: `podman/01-loop.crun`. */
  readonly name: string;
  readonly path: string;
  readonly truthPath: string | undefined;
  /** What the reference decoder makes of the images; a tar of JSON files. */
  readonly decodedPath: string | undefined;
}

/** An opened archive. */
export interface Capture {
  readonly name: string;
  readonly archive: CheckpointArchive;
  readonly snapshot: ContainerSnapshot;
}

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const samples = join(repository, 'samples');
const spool = folderSpool();

/**
 * Folder of the archives: `ICECORE_CORPUS`, else `corpus` in a folder named `shared` beside the repository, else the
 * samples of the repository.
 */
export const corpusPath = resolve(process.env['ICECORE_CORPUS'] ?? existing(join(repository, '../shared/corpus')) ?? samples);

/** For test titles: what the answers were held against. */
export const corpusNote = corpusPath === samples ? 'samples only, no corpus at hand' : 'whole corpus';

/** Every archive of the corpus, in the order of their names. */
export const corpusArchives: readonly CorpusArchive[] = globSync('**/*.{tar,tar.gz,tar.zst,tar.transport.zst}', { cwd: corpusPath })
  .filter((file) => !file.endsWith('.crit-json.tar.zst'))
  .sort()
  .map((file) => {
    const name = file.replace(/\.tar(\.transport)?(\.zst|\.gz)?$/, '');
    return {
      name,
      path: join(corpusPath, file),
      truthPath: existing(join(corpusPath, `${name}.truth.json`)) ?? existing(join(corpusPath, 'truth', `${name}.truth.json`)),
      decodedPath: existing(join(corpusPath, 'crit', `${basename(name)}.crit-json.tar.zst`)),
    };
  });

if (corpusArchives.length === 0) throw new Error(`no archives in ${corpusPath}`);

/** Opens an archive; those that are compressed for transport only are handed on as the node wrote them. */
export async function openCapture(archive: CorpusArchive, parents: readonly CheckpointArchive[] = []): Promise<Capture> {
  const opened = await openArchive(await sourceOf(archive), { spool, name: basename(archive.path) });
  return { name: archive.name, archive: opened, snapshot: await openSnapshot(opened, { spool, parents }) };
}

/** What was read from outside the container just before it was frozen; undefined where nobody did. */
export function truthOf(archive: CorpusArchive): Truth | undefined {
  return archive.truthPath === undefined ? undefined : readTruth(archive.truthPath);
}

async function sourceOf({ path }: CorpusArchive): Promise<ByteSource> {
  return path.endsWith('.transport.zst') ? memorySource(zstdDecompressSync(readFileSync(path))) : fileSource(path);
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/** The archive whose name ends so; undefined where the corpus has none. */
export function archiveNamed(ending: string): CorpusArchive | undefined {
  return corpusArchives.find(({ name }) => name.endsWith(ending));
}
