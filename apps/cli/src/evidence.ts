import { type CheckpointArchive, openArchive } from '@icecore/archive';
import { fileSource, type FileSource, folderSpool } from '@icecore/local';
import { type ContainerSnapshot, openSnapshot, valuesOf } from '@icecore/snapshot';
import { type ByteSource, formatBytes, formatGap, type Gap } from '@icecore/bytes';
import { UsageError } from './command.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { rememberSecrets } from './masking.ts';
import type { Terminal } from './terminal.ts';

/** An archive that is open, and the snapshot in it. Close it by `await using`. */
export interface OpenEvidence extends AsyncDisposable {
  readonly path: string;
  readonly file: FileSource;
  readonly archive: CheckpointArchive;
  readonly snapshot: ContainerSnapshot;
}

/** What reports tell of an archive. */
export type ShownEvidence = Pick<OpenEvidence, 'path' | 'archive' | 'snapshot'> & { readonly file: { readonly size: number } };

/** Options that every command has which opens an archive. */
export const evidenceOptions = {
  parent: { type: 'string', value: 'ARCHIVE', multiple: true, summary: 'archive that this one builds on (pre-copy); repeat for a chain, the nearest first' },
} as const;

/** Opens the archive in a file, through `source` where its caller wants to see what is read. */
export async function openArchiveFile(path: string, terminal: Terminal, source?: ByteSource): Promise<{ file: FileSource; archive: CheckpointArchive }> {
  const file = await fileSource(path);
  const onProgress = (done: number, total: number): void =>
    terminal.progress(`${path}: decompressing, ${formatBytes(done)} of ${formatBytes(total)}`);
  try {
    const archive = await openArchive(source ?? file, { spool: folderSpool(), onProgress });
    terminal.progress(undefined);
    return { file, archive };
  } catch (error) {
    await file.close();
    throw error;
  }
}

export async function openEvidence(path: string, parents: readonly string[] | undefined, terminal: Terminal, source?: ByteSource): Promise<OpenEvidence> {
  const opened = await openArchiveFile(path, terminal, source);
  const chain: { file: FileSource; archive: CheckpointArchive }[] = [];
  const close = async (): Promise<void> => {
    for (const each of [opened, ...chain]) await each.file.close();
  };
  try {
    for (const parent of parents ?? []) chain.push(await openArchiveFile(parent, terminal));
    const snapshot = await openSnapshot(opened.archive, { spool: folderSpool(), parents: chain.map(({ archive }) => archive) });
    rememberSecretsOf(snapshot);
    return { path, ...opened, snapshot, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** From now on the secrets in the environments of a snapshot are masked on the screen. */
export function rememberSecretsOf({ processes }: ContainerSnapshot): void {
  rememberSecrets(processes.flatMap(({ environment }) => valuesOf(environment)));
}

/** Gaps that are about this evidence, not about what no checkpoint can hold. */
export function damageOf(gaps: readonly Gap[]): readonly Gap[] {
  return gaps.filter(({ code }) => code !== 'not_captured');
}

/** Tells damage on standard error and gives the exit code that goes with it. */
export function reportDamage(gaps: readonly Gap[], terminal: Terminal): ExitCode {
  const damage = damageOf(gaps);
  for (const gap of damage.slice(0, 20)) terminal.note(`not seen: ${formatGap(gap)}`);
  if (damage.length > 20) terminal.note(`not seen: and ${damage.length - 20} more`);
  return damage.length > 0 ? exitCodes.partial : exitCodes.done;
}

/** A process by the pid that a command was given. */
export function processOf(snapshot: ContainerSnapshot, word: string): ContainerSnapshot['processes'][number] {
  const found = snapshot.processes.find(({ pid }) => String(pid) === word);
  if (found !== undefined) return found;
  throw new UsageError(`there is no process ${word}; there are ${snapshot.processes.map(({ pid }) => pid).join(', ')}`);
}
