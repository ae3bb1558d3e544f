import { appendEntry, type LedgerWriter } from './ledger.ts';
import type { CustodyDraft } from './ledger-entry.ts';
import { objectKeys } from './layout.ts';
import type { Signer } from './signing.ts';
import type { EvidenceVault } from './vault.ts';

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

/** Writes an act to the ledger that changes no object. What is written is locked as long as the archive. */
export async function recordAct(vault: EvidenceVault, capture: string, action: 'held' | 'released' | 'exported' | 'accessed', { signer, clock, actor, tool, reason }: CustodyContext): Promise<void> {
  const archive = await vault.describe(objectKeys.archive(capture));
  const soon = new Date(Math.ceil(clock().getTime() / 1000) * 1000 + 86_400_000);
  const until = archive?.lock?.retainUntil;
  const lock = { retainUntil: until === undefined || until < soon ? soon : until, held: archive?.lock?.held ?? false };
  const writer: LedgerWriter = { vault, signer, clock, lock };
  await appendEntry(writer, capture, () => ({ action, actor, tool, subjects: [], reason }));
}
