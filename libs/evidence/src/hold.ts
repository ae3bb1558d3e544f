import { VaultError } from './errors.ts';
import { appendEntry, type LedgerWriter, readLedger } from './ledger.ts';
import type { CustodyDraft } from './ledger-entry.ts';
import { objectKeys } from './layout.ts';
import type { Signer } from './signing.ts';
import type { EvidenceVault, Lock } from './vault.ts';

/** Who does something to a capture, by which key and tool, and why. */
export interface CustodyContext extends Pick<CustodyDraft, 'actor' | 'tool' | 'reason'> {
  readonly signer: Signer;
  readonly clock: () => Date;
}

/**
 * Holds or releases every object of a capture. The ledger is told before a release and after a hold, so that evidence is
 * never freed without a word.
 */
export async function holdCapture(vault: EvidenceVault, capture: string, held: boolean, context: CustodyContext): Promise<void> {
  if (!held) await recordAct(vault, capture, 'released', context);
  for await (const { key } of vault.list(capture)) await vault.hold(key, held);
  if (held) await recordAct(vault, capture, 'held', context);
}

/** Writes an act to the ledger that changes no object. What is written is locked as long as the archive. Rejects for a capture that was not sealed to its end. */
export async function recordAct(vault: EvidenceVault, capture: string, action: 'held' | 'released' | 'exported' | 'accessed' | 'replicated', { signer, clock, actor, tool, reason }: CustodyContext): Promise<void> {
  const sealed = (await readLedger(vault, capture)).find((entry) => entry.action === 'sealed');
  if (sealed === undefined) throw new VaultError('incomplete', capture, 'was not sealed to its end; sealing it again does the rest');
  const lock = liveLock((await vault.describe(objectKeys.archive(capture)))?.lock, clock());
  const writer: LedgerWriter = { vault, signer, clock, lock };
  await appendEntry(writer, capture, () => ({ action, actor, tool, subjects: sealed.parents.filter(({ key }) => key === objectKeys.archive(capture)), reason }));
}

const dayMs = 86_400_000;

/** The lock, or where it ends within a day one of a day: a vault takes no object whose lock has ended. */
export function liveLock(lock: Lock | undefined, now: Date): Lock {
  const soon = new Date(Math.ceil(now.getTime() / 1000) * 1000 + dayMs);
  return { retainUntil: lock === undefined || lock.retainUntil < soon ? soon : lock.retainUntil, held: lock?.held ?? false };
}
