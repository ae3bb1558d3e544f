import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '@icecore/bytes';
import { openArchive } from '@icecore/archive';
import { captureOfKey, type ContainedEntry, type EvidenceVault, parseTrust, type Signer, type Trust, trustIn, VaultError } from '@icecore/evidence';
import { isLakeError, type LakeStore, openPart } from '@icecore/lake';
import { folderSpool, lakeFolder, putJournalFolder, signingKeyFile, vaultFolder } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { UsageError } from './command.ts';
import { productVersion } from './version.ts';

export const defaultVault = '.icecore/vault';
export const defaultKey = '.icecore/keys/signing.pem';
export const tool = { name: 'icecore', version: productVersion } as const;

/** Options of every command that works with the vault. */
export const vaultOptions = {
  vault: { type: 'string', value: 'PLACE', summary: `the vault, a folder or s3://BUCKET/FOLDER (default ${defaultVault})` },
  key: { type: 'string', value: 'KEY', summary: `the key that signs, a file or the ARN of a key of KMS (default ${defaultKey}, made at the first use)` },
} as const;

export interface VaultChoice {
  readonly vault: string | undefined;
  readonly key: string | undefined;
}

export async function openVault({ vault = defaultVault }: VaultChoice): Promise<EvidenceVault> {
  return isCloud(vault) ? (await import('./cloud.ts')).cloudVault(vault) : vaultFolder(vault);
}

/** The vault for a writer who may put and not read, who remembers what it put in a folder. Only a bucket has such a thing. */
export async function openPutOnlyVault({ vault = defaultVault }: VaultChoice, journal: string): Promise<EvidenceVault> {
  if (!isCloud(vault)) throw new UsageError('--journal is for a vault in S3: whoever can put into a folder can read it');
  return (await import('./cloud.ts')).cloudPutOnlyVault(vault, putJournalFolder(journal));
}

export async function openSigner({ key = defaultKey }: VaultChoice): Promise<Signer> {
  return isCloudKey(key) ? (await import('./cloud.ts')).cloudSigner(key) : signingKeyFile(key);
}

/** The lake in a folder or bucket. */
export async function openLake(place: string): Promise<LakeStore> {
  return isCloud(place) ? (await import('./cloud.ts')).cloudLake(place) : lakeFolder(place);
}

/** Opens what the ledger says was derived into a lake: its parts have the paths that they have there. */
export async function derivedIn(place: string): Promise<(key: string) => Promise<ByteSource>> {
  const lake = await openLake(place);
  return async (key) => {
    try {
      return await openPart(lake, allTables, key);
    } catch (error) {
      if (isLakeError(error) && error.code === 'missing') throw new VaultError('missing', key, `the lake ${place} has no such file`, { cause: error });
      throw error;
    }
  };
}

/** True for a place in S3. */
export function isCloud(place: string): boolean {
  return place.startsWith('s3://');
}

function isCloudKey(key: string): boolean {
  return key.startsWith('arn:');
}

/** Who works here, for the ledger. */
export function actor(): { readonly type: 'person'; readonly id: string } {
  return { type: 'person', id: userInfo().username };
}

/** What is trusted: the file that was named, or the key that this machine signs with. */
export async function trustOf(path: string | undefined, choice: VaultChoice): Promise<Trust> {
  if (path !== undefined) {
    try {
      return parseTrust(await readFile(path, 'utf8'));
    } catch (error) {
      if (error instanceof Error && 'code' in error) throw error;
      throw new UsageError(`${path} is no trust file`);
    }
  }
  const key = choice.key ?? defaultKey;
  if (!isCloudKey(key) && !existsSync(key)) throw new UsageError(`there is no key ${key} to trust; name a trust file with --trust`);
  return trustIn(await openSigner(choice));
}

/** Keys of the captures in a vault, ascending. */
export async function capturesIn(vault: EvidenceVault): Promise<string[]> {
  const found = new Set<string>();
  for await (const { key } of vault.list('clusters/')) {
    const capture = captureOfKey(key);
    if (capture !== undefined) found.add(capture);
  }
  return [...found];
}

/** The captures that words name: by key, by id or by the beginning of an id; all where there are no words. */
export async function chosenCaptures(vault: EvidenceVault, words: readonly string[]): Promise<string[]> {
  const all = await capturesIn(vault);
  if (words.length === 0) return all;
  return words.map((word) => {
    const fitting = all.filter((key) => key === word || key === `${word}/` || (key.split('/').at(-2) ?? '').startsWith(word));
    const [only] = fitting;
    if (only === undefined) throw new UsageError(`there is no capture ${word} in ${vault.location}`);
    if (fitting.length > 1) throw new UsageError(`${word} may be any of ${fitting.map((key) => key.split('/').at(-2)).join(', ')}`);
    return only;
  });
}

/** Opens an archive to list its entries, in the archive's order. */
export async function entriesOf(archive: ByteSource): Promise<Iterable<ContainedEntry>> {
  return (await openArchive(archive, { spool: folderSpool() })).entries.values();
}

/** A vault by its place: a bucket's, a bundle's, a copy, or the vault's own folder; undefined where the word is none. */
export async function vaultAt(place: string): Promise<EvidenceVault | undefined> {
  if (isCloud(place)) return openVault({ vault: place, key: undefined });
  if (existsSync(join(place, 'evidence', 'clusters'))) return vaultFolder(join(place, 'evidence'));
  return existsSync(join(place, 'clusters')) ? vaultFolder(place) : undefined;
}
