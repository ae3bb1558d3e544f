import type { ArchiveEntry, CheckpointArchive } from '@icecore/archive';
import { DamageError, memorySource, readAll } from '@icecore/bytes';
import { z } from 'zod';
import { tarFile } from '../image/write-tar.ts';
import { parseRedactionManifest, type RedactionManifest } from './redaction-manifest.ts';

/** The manifest of a redaction in its copy: engines and CRIU's tools pass it over. A copy of a copy has one more, with a number. */
const name = /^icecore\.redaction(?:\.(\d{1,2}))?\.json$/;
/** Most copies of copies. */
const maxCopies = 99;
/** Largest manifest that is read, in bytes. */
const maxManifestBytes = 16 << 20;

/** The tar with the manifest as its first entry, where the checkpoint's own files lie. */
export async function* withManifest(manifest: RedactionManifest, archive: CheckpointArchive, entries: readonly ArchiveEntry[], tar: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const number = (numbersIn(archive).at(-1) ?? 0) + 1;
  if (number > maxCopies) throw new DamageError('limit', `is the copy of a copy more than ${maxCopies} times`);
  const path = `${rootOf(archive, entries)}${nameOf(number)}`;
  if (!/^[\x20-\x7e]{1,100}$/.test(path)) throw new DamageError('unsupported', 'lies in a folder of a name that no manifest can be put under', { entry: path.slice(0, 200) });
  yield* tarFile({ path, source: memorySource(Buffer.from(`${JSON.stringify(manifest)}\n`)) });
  yield* tar;
}

/** The folder of the tar that the checkpoint lies in, with a slash at its end; empty for the tar's root. */
function rootOf({ entries: own }: CheckpointArchive, entries: readonly ArchiveEntry[]): string {
  const [first = ''] = own.keys();
  const path = entries.find((each) => each.path.endsWith(first))?.path ?? first;
  return path.slice(0, path.length - first.length);
}

/** What an archive says of itself: which redactions made it, the last one last, and what of that cannot be read. */
export interface ToldRedactions {
  readonly manifests: readonly RedactionManifest[];
  readonly faults: readonly string[];
}

/** Reads what an archive says of its redactions. Nobody has signed that: whoever made the file wrote it. */
export async function redactionsOf(archive: Pick<CheckpointArchive, 'entries'>): Promise<ToldRedactions> {
  const manifests: RedactionManifest[] = [];
  const faults: string[] = [];
  for (const number of numbersIn(archive)) {
    const path = nameOf(number);
    const source = archive.entries.get(path)?.source;
    if (source === undefined) continue;
    try {
      if (source.size > maxManifestBytes) throw new RangeError(`has ${source.size} bytes`);
      manifests.push(parseRedactionManifest(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readAll(source)))));
    } catch (error) {
      faults.push(`${path} is no manifest of a redaction: ${error instanceof z.ZodError ? 'it has another form' : error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { manifests, faults };
}

function nameOf(number: number): string {
  return `icecore.redaction${number === 1 ? '' : `.${number}`}.json`;
}

function numbersIn({ entries }: Pick<CheckpointArchive, 'entries'>): number[] {
  return [...entries.values()].flatMap(({ path, type }) => {
    const found = type === 'file' ? name.exec(path) : null;
    return found === null ? [] : [Number(found[1] ?? 1)];
  }).sort((a, b) => a - b);
}
