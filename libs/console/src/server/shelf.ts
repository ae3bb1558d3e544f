import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CheckpointArchive, openArchive } from '@icecore/archive';
import { type ByteSource, isDamageError } from '@icecore/bytes';
import { captureIdOfKey, captureOfKey, type EvidenceVault, objectKeys, sha256OfSource } from '@icecore/evidence';
import { fileSource, folderSpool } from '@icecore/local';
import { knownSecrets } from '@icecore/secrets';
import { type ContainerSnapshot, openSnapshot, valuesOf } from '@icecore/snapshot';
import type { EvidencePlace } from '../contract/answers.ts';
import { RequestError } from './errors.ts';

/** What the lake tells of the archive of a capture. */
export interface ArchiveFacts {
  readonly captureId: string;
  readonly sha256: string | null;
  readonly name: string | null;
  readonly bytes: number | null;
}

/** An archive that is open. */
export interface OpenedEvidence {
  readonly archive: CheckpointArchive;
  readonly snapshot: ContainerSnapshot;
  /** Values that the environments of its processes tell to be secrets. */
  readonly known: readonly string[];
  readonly place: Extract<EvidencePlace, { state: 'there' }>;
}

/** Finds the evidence behind the lake's rows, and opens it. */
export interface EvidenceShelf {
  find(facts: ArchiveFacts): Promise<EvidencePlace>;
  /** Rejects with a `RequestError` (`no_evidence`) where it is not here. */
  open(facts: ArchiveFacts): Promise<OpenedEvidence>;
  close(): Promise<void>;
}

/** Archives that are kept open at once. */
const maxOpen = 3;
/** Files that are looked at in folders of archives. */
const maxFiles = 100_000;

interface Place {
  readonly from: string;
  open(): Promise<ByteSource & { close?: () => Promise<void> }>;
}

/** Looks in a vault, and in folders of archives. A file counts as the archive when its SHA-256 says so. */
export function evidenceShelf({ vault, folders }: { readonly vault: EvidenceVault | undefined; readonly folders: readonly string[] }): EvidenceShelf {
  const opened = new Map<string, Promise<OpenedEvidence & { close(): Promise<void> }>>();
  const hashes = new Map<string, Promise<string>>();

  const hashOf = async (path: string): Promise<string> => {
    const { size, mtimeMs } = await stat(path);
    const key = `${path} ${size} ${mtimeMs}`;
    const known = hashes.get(key);
    if (known !== undefined) return known;
    const fresh = sha256Of(path);
    hashes.set(key, fresh);
    return fresh;
  };
  const locate = async ({ captureId, sha256, bytes }: ArchiveFacts): Promise<Place | string> => {
    if (sha256 === null) return 'the lake does not know the SHA-256 of its archive';
    if (vault !== undefined) {
      const key = await vaultKey(vault, captureId);
      if (key !== undefined) return { from: `vault ${vault.location}`, open: () => vault.open(key) };
    }
    for (const path of await filesIn(folders, bytes)) {
      if ((await hashOf(path).catch(() => undefined)) === sha256) return { from: path, open: () => fileSource(path) };
    }
    const looked = [...(vault === undefined ? [] : [`the vault ${vault.location}`]), ...folders];
    return looked.length === 0 ? 'no vault and no folder of archives was given to icecore serve (--vault, --archives)' : `neither ${looked.join(' nor ')} has its archive, SHA-256 ${sha256}`;
  };
  const open = async (facts: ArchiveFacts): Promise<OpenedEvidence & { close(): Promise<void> }> => {
    const place = await locate(facts);
    if (typeof place === 'string') throw new RequestError('no_evidence', `The bytes of this capture cannot be read here: ${place}.`);
    const source = await place.open();
    const close = async (): Promise<void> => source.close?.();
    try {
      const archive = await openArchive(source, { spool: folderSpool() });
      const snapshot = await openSnapshot(archive, { spool: folderSpool() });
      return { archive, snapshot, known: knownSecrets(snapshot.processes.flatMap(({ environment }) => valuesOf(environment))), place: { state: 'there', from: place.from, sha256: facts.sha256 ?? '' }, close };
    } catch (error) {
      await close();
      throw error;
    }
  };
  return {
    async find(facts) {
      const place = await locate(facts);
      return typeof place === 'string' ? { state: 'absent', reason: place } : { state: 'there', from: place.from, sha256: facts.sha256 ?? '' };
    },
    async open(facts) {
      const fresh = opened.get(facts.captureId) ?? open(facts);
      // The one that was used last is the last to be closed.
      opened.delete(facts.captureId);
      opened.set(facts.captureId, fresh);
      fresh.catch(() => opened.delete(facts.captureId));
      const [oldest] = opened.keys();
      if (opened.size > maxOpen && oldest !== undefined) {
        const old = opened.get(oldest);
        opened.delete(oldest);
        await (await old?.catch(() => undefined))?.close();
      }
      return fresh;
    },
    async close() {
      for (const each of opened.values()) await (await each.catch(() => undefined))?.close();
      opened.clear();
    },
  };
}

async function vaultKey(vault: EvidenceVault, captureId: string): Promise<string | undefined> {
  for await (const { key } of vault.list('clusters/')) {
    const capture = captureOfKey(key);
    if (capture !== undefined && captureIdOfKey(capture) === captureId && key === objectKeys.archive(capture)) return key;
  }
  return undefined;
}

/** Files of the size that the archive has. */
async function filesIn(folders: readonly string[], bytes: number | null): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of names.slice(0, maxFiles)) {
      if (!entry.isFile() || basename(entry.name).startsWith('.')) continue;
      const path = join(entry.parentPath, entry.name);
      const size = (await stat(path).catch(() => undefined))?.size;
      if (size !== undefined && (bytes === null || size === bytes)) found.push(path);
    }
  }
  return found;
}

async function sha256Of(path: string): Promise<string> {
  const file = await fileSource(path);
  try {
    return await sha256OfSource(file);
  } catch (error) {
    if (isDamageError(error)) return '';
    throw error;
  } finally {
    await file.close();
  }
}
