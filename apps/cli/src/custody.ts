import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { caseBundle, type CustodyContext, type EvidenceVault, expireCapture, holdCapture, liveLock, type Lock, objectKeys, parseManifest, recordAct, sha256OfSource, type Trust, VaultError } from '@icecore/evidence';
import { type ByteSource, readAll, readPieces } from '@icecore/bytes';
import { UsageError } from './command.ts';
import { actor, openSigner, tool, type VaultChoice } from './vault.ts';
import { writeBundle } from './write-bundle.ts';

/** What is done to captures of a vault, each time with an entry in the ledger that says who did it and why. */
export interface Custody {
  /** Holds every object of a capture. */
  hold(capture: string): Promise<void>;
  release(capture: string): Promise<void>;
  /** Gives the archive out of the vault, into a new file. */
  read(capture: string, path: string): Promise<void>;
  /** Gives a case bundle out of the vault, into a new folder; tells the count of its files. */
  export(captures: readonly string[], folder: string, trust: Trust): Promise<number>;
  /** Lets go of what a capture holds, once no lock and no hold is on it; tells the keys. */
  expire(capture: string): Promise<readonly string[]>;
  /** Copies a capture into another vault, with the locks that it has in this one. */
  replicate(capture: string, target: EvidenceVault): Promise<void>;
}

export function custodyOf(vault: EvidenceVault, choice: VaultChoice, reason: string): Custody {
  const context = async (): Promise<CustodyContext> => ({ signer: await openSigner(choice), clock: () => new Date(), actor: actor(), tool: { ...tool }, reason });
  const note = async (capture: string, action: 'accessed' | 'exported' | 'replicated'): Promise<void> => recordAct(vault, capture, action, await context());
  return {
    hold: async (capture) => holdCapture(vault, capture, true, await context()),
    release: async (capture) => holdCapture(vault, capture, false, await context()),
    // What leaves the vault is in the ledger before it leaves, and so in a bundle or a copy of it.
    async read(capture, path) {
      const { archive } = await manifestOf(vault, capture);
      const sha256 = await writeNewFile(path, async () => {
        await note(capture, 'accessed');
        return vault.open(archive.key);
      });
      if (sha256 !== archive.sha256) {
        await rm(path);
        throw new VaultError('mismatch', archive.key, `has the SHA-256 ${sha256}, and the manifest says ${archive.sha256}; icecore verify says more`);
      }
    },
    async export(captures, folder, trust) {
      for (const capture of captures) await note(capture, 'exported');
      return writeBundle(folder, caseBundle(vault, captures, trust));
    },
    expire: async (capture) => expireCapture(vault, capture, await context()),
    async replicate(capture, target) {
      await note(capture, 'replicated');
      for await (const { key, lock } of vault.list(capture)) await copyObject(vault, target, key, lock);
    },
  };
}

export async function manifestOf(vault: EvidenceVault, capture: string): Promise<ReturnType<typeof parseManifest>> {
  return parseManifest(await readAll(await vault.open(objectKeys.manifest(capture))));
}

/** Copies an object with its lock; what the target has already must be the same bytes, and is locked and held no less. */
async function copyObject(from: EvidenceVault, to: EvidenceVault, key: string, lock: Lock | undefined): Promise<void> {
  const source = await from.open(key);
  const there = await to.describe(key);
  if (there === undefined) {
    await to.put(key, source, { lock: liveLock(lock, new Date()) });
    return;
  }
  if ((await sha256OfSource(await to.open(key))) !== (await sha256OfSource(source))) throw new VaultError('mismatch', key, `${to.location} holds other bytes under this key`);
  if (lock === undefined) return;
  if (there.lock === undefined || there.lock.retainUntil < lock.retainUntil) await to.extend(key, lock.retainUntil);
  if (lock.held && there.lock?.held !== true) await to.hold(key, true);
}

/** Writes a new file for its owner only, and opens what goes into it once it is made; tells the SHA-256 of what was written. */
async function writeNewFile(path: string, openSource: () => Promise<ByteSource>): Promise<string> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new UsageError(`${path} is there already`);
    throw error;
  });
  const hash = createHash('sha256');
  try {
    for await (const piece of readPieces(await openSource())) {
      hash.update(piece);
      await file.writeFile(piece);
    }
    await file.sync();
  } catch (error) {
    await rm(path);
    throw error;
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
