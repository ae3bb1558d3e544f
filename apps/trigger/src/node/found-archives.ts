import { type ArchiveFolder, captureOfFoundArchive, type CaptureStore, isArchiveOf, parseArchiveName } from '@icecore/capture';
import { openArchive } from '@icecore/archive';
import { fileSource, folderSpool } from '@icecore/local';
import { openSnapshot } from '@icecore/snapshot';
import { join } from 'node:path';

/** Age from which an archive that nobody claims is another's, in milliseconds: this role's own are claimed within this time. */
const othersMs = 60_000;

export interface FoundArchivesOptions {
  readonly node: string;
  readonly folder: ArchiveFolder;
  readonly store: Pick<CaptureStore, 'known' | 'create'>;
  readonly lockSeconds: number;
  readonly keepNodeCopy: boolean;
  readonly settledMs?: number;
}

/** Makes captures of archives that others left in the folder, each once. Gives their names. */
export async function adoptFoundArchives({ node, folder, store, lockSeconds, keepNodeCopy, settledMs = othersMs }: FoundArchivesOptions): Promise<string[]> {
  const known = [...store.known()];
  const claimed = new Set(known.flatMap(({ status, spec }) => [status.archive?.name, spec.found]));
  const begun = known.filter(({ status }) => status.phase === 'checkpointing');
  const adopted: string[] = [];
  for (const { name, bytes, modifiedAt } of await folder.list()) {
    const parsed = parseArchiveName(name);
    if (parsed === undefined || claimed.has(name) || Date.now() - modifiedAt.getTime() < settledMs) continue;
    // It may be the one that a capture waits for.
    if (begun.some(({ spec, status }) => isArchiveOf(name, spec.target, new Date(status.attempts?.at(-1)?.startedAt ?? 0)))) continue;
    if (!(await folder.isWhole(name))) continue;
    const capture = captureOfFoundArchive({ node, archive: name, bytes, takenAt: parsed.takenAt, ...(await containerOf(join(folder.path, name), parsed)), lockSeconds, keepNodeCopy });
    if ((await store.create(capture)) === 'created') adopted.push(capture.name);
  }
  return adopted;
}

/** Whose archive it is, as it says itself; its name alone does not tell where the namespace ends. */
async function containerOf(path: string, { pod, rest }: { readonly pod: string; readonly rest: string }): Promise<{ namespace: string; pod: string; container: string }> {
  const source = await fileSource(path);
  try {
    const { container } = await openSnapshot(await openArchive(source, { spool: folderSpool() }), { spool: folderSpool() });
    const { name, pod: of } = container;
    if (of?.namespace !== undefined && name !== undefined && `${of.namespace}-${name}` === rest) return { namespace: of.namespace, pod, container: name };
  } catch {
    // One that cannot be opened is sealed all the same, under what its name says.
  } finally {
    await source.close();
  }
  const dash = rest.indexOf('-');
  return { namespace: dash === -1 ? rest : rest.slice(0, dash), pod, container: dash === -1 ? 'unknown' : rest.slice(dash + 1) };
}

