import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EvidenceVault } from '@icecore/evidence';
import { within } from '../within.ts';

/** How long the vault may take to answer, in milliseconds. */
const patienceMs = 15_000;

export interface ProbedVault {
  readonly vault: EvidenceVault;
  /** For a role that may put and not list: asks whether it may put under a key, and puts nothing. */
  readonly reach?: ((key: string) => Promise<void>) | undefined;
}

/**
 * Why the vault cannot be used; undefined where it can. Nothing is written, for what is written there stays: it is asked
 * what it holds under this cluster's name, and a folder whether it may be written to.
 */
export async function vaultFault({ vault, reach }: ProbedVault, prefix: string): Promise<string | undefined> {
  try {
    await within(patienceMs, reach === undefined ? ask(vault, prefix) : reach(`${prefix}probe`));
    return undefined;
  } catch (error) {
    return `${vault.location}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 2000);
  }
}

async function ask(vault: EvidenceVault, prefix: string): Promise<void> {
  if (!vault.location.startsWith('s3://')) await requireWritable(vault.location);
  await vault.list(prefix)[Symbol.asyncIterator]().next();
}

/** The folder is made at the first put: until then the nearest one above counts. */
async function requireWritable(folder: string): Promise<void> {
  try {
    await access(`${folder}/`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!absent || dirname(folder) === folder) throw error;
    await requireWritable(dirname(folder));
  }
}
