import { end, next, putOff, type Step, type StepInput } from './step.ts';

/** Hashes the archive before it leaves the node. */
export async function hash(input: StepInput): Promise<Step> {
  const { capture, ports } = input;
  const archive = capture.status.archive;
  if (archive === undefined) return end(input, 'failed', 'ArchiveMissing', 'its status names no archive');
  if (capture.spec.found === undefined) await ports.beside.gather(capture, 'after');
  const found = await ports.folder.fingerprint(archive.name);
  if (found === undefined) return end(input, 'failed', 'ArchiveMissing', `${archive.name} is no longer in ${ports.folder.path}`);
  return next(input, 'shipping', { archive: { ...archive, ...found } });
}

/** Seals it into the vault. What is on the node stays until that is done, however long the vault is away. */
export async function ship(input: StepInput): Promise<Step> {
  const { capture, ports } = input;
  const archive = capture.status.archive;
  if (archive?.sha256 === undefined) return end(input, 'failed', 'ArchiveMissing', 'its status names no hash');
  let sealed: Awaited<ReturnType<typeof ports.vault.seal>>;
  try {
    sealed = await ports.vault.seal(capture, archive.name);
  } catch (error) {
    return putOff(input, 'VaultUnavailable', `the vault ${ports.vault.location} does not take it, and the node keeps it: ${text(error)}`);
  }
  if (sealed.outcome === 'refused') return end(input, 'failed', 'VaultRefused', `${sealed.message}; the node keeps ${archive.name}`);
  if (sealed.sha256 !== archive.sha256) return end(input, 'failed', 'ArchiveChanged', `${archive.name} had the SHA-256 ${archive.sha256} and was sealed with ${sealed.sha256}; the node keeps it`);
  return next(input, 'verifying', { vault: { location: ports.vault.location, key: sealed.key } });
}

/** Reads back what the vault holds. */
export async function verify(input: StepInput): Promise<Step> {
  const { capture, ports } = input;
  const { archive, vault } = capture.status;
  if (archive?.sha256 === undefined || vault === undefined) return end(input, 'failed', 'ArchiveMissing', 'its status names no hash or no key');
  let fault: string | undefined;
  try {
    fault = await ports.vault.fault(vault.key, { sha256: archive.sha256 });
  } catch (error) {
    return putOff(input, 'VaultUnavailable', `the vault ${ports.vault.location} cannot be read: ${text(error)}`);
  }
  if (fault !== undefined) return end(input, 'failed', 'VerificationFailed', `what the vault holds does not hold: ${fault}; the node keeps ${archive.name}`);
  return next(input, 'removing', {}, ['Sealed', true, 'Verified', vault.key]);
}

/** Removes the node's copy, which the vault has whole. */
export async function remove(input: StepInput): Promise<Step> {
  const { capture, ports } = input;
  const { archive, vault } = capture.status;
  const keep = capture.spec.keepNodeCopy === true;
  if (!keep && archive !== undefined) await ports.folder.remove(archive.name);
  const done = end(input, 'sealed', 'Sealed', vault?.key ?? 'sealed');
  if (done.kind !== 'next') return done;
  const told = next({ ...input, capture: { ...capture, status: done.status } }, 'sealed', {}, ['NodeCopyRemoved', !keep, keep ? 'Kept' : 'Removed', archive?.name ?? '']);
  return told.kind === 'next' ? { ...told, status: { ...told.status, reason: 'Sealed', message: vault?.key ?? 'sealed' } } : told;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
