import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { captureIdOfKey, type EvidenceVault, objectKeys, parseManifest, readLedger, verifyCapture } from '@icecore/evidence';
import { readAll } from '@icecore/bytes';
import type { CustodyRecord } from '@icecore/views';
import { UsageError } from './command.ts';
import type { Terminal } from './terminal.ts';
import { capturesIn, chosenCaptures, defaultKey, defaultVault, entriesOf, openVault, trustOf, type VaultChoice } from './vault.ts';

/** Where an archive is read from, and the capture of the vault that it is, if that is known already. */
export interface ArchivePlace {
  readonly path: string;
  readonly captureKey: string | undefined;
}

/** The archive that a word names: a file, or a capture of the vault by its key or the beginning of its id. */
export async function archiveOf(word: string, choice: VaultChoice): Promise<ArchivePlace> {
  if (existsSync(word)) return { path: word, captureKey: undefined };
  const root = choice.vault ?? defaultVault;
  if (!existsSync(root)) throw new UsageError(`there is no file ${word}, and no vault ${root} that has a capture of this name`);
  const [captureKey = ''] = await chosenCaptures(await openVault(choice), [word]);
  return { path: join(root, objectKeys.archive(captureKey)), captureKey };
}

/** What the vault knows of a capture, checked where there is a key to trust; undefined for one that was not sealed. */
export async function custodyOf(captureId: string, known: string | undefined, choice: VaultChoice & { readonly trust: string | undefined }, terminal: Terminal): Promise<CustodyRecord | undefined> {
  if (!existsSync(choice.vault ?? defaultVault)) return undefined;
  const vault = await openVault(choice);
  const captureKey = known ?? (await capturesIn(vault)).find((key) => captureIdOfKey(key) === captureId);
  if (captureKey === undefined) return undefined;
  terminal.progress(`${captureKey}: verifying`);
  try {
    return await recordOf(vault, captureKey, choice);
  } catch (error) {
    // A manifest that is cut, or no JSON, or of another form: the report says so, and of all else what it can.
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    return { captureKey, unreadable: error.message.slice(0, 500) };
  } finally {
    terminal.progress(undefined);
  }
}

async function recordOf(vault: EvidenceVault, captureKey: string, choice: VaultChoice & { readonly trust: string | undefined }): Promise<CustodyRecord> {
  const manifest = parseManifest(await readAll(await vault.open(objectKeys.manifest(captureKey))));
  const ledger = await readLedger(vault, captureKey);
  const lock = (await vault.describe(objectKeys.archive(captureKey)))?.lock;
  const trusted = choice.trust !== undefined || existsSync(choice.key ?? defaultKey);
  const verified = trusted ? await verifyCapture(vault, captureKey, await trustOf(choice.trust, choice), { openEntries: entriesOf }) : undefined;
  return { captureKey, manifest, ledger, lock, verified };
}
