import type { Capture } from '@icecore/capture';
import { captureOfKey, readLedger, trustIn, verifyCapture } from '@icecore/evidence';
import type { Rehearsal } from './rehearsal.ts';

/** What is wrong with the evidence of captures: not whole, not once, or not gone from the node. Empty where all is as it must be. */
export async function evidenceFaults(rehearsal: Rehearsal, captures: readonly Capture[], ledger = 'captured hashed uploaded sealed'): Promise<string[]> {
  const faults: string[] = [];
  const trust = trustIn(await rehearsal.signer);
  const sealed = captures.filter(({ status }) => status.phase === 'sealed');
  for (const { metadata, status, spec } of sealed) {
    const key = status.vault?.key ?? '';
    const report = await verifyCapture(rehearsal.vault, key, trust);
    if (!report.holds) faults.push(`${metadata.name}: ${report.place} ${report.reason}`);
    const actions = (await readLedger(rehearsal.vault, key)).map(({ action }) => action).join(' ');
    if (actions !== ledger) faults.push(`${metadata.name}: its ledger says ${actions}`);
    if (status.archive !== undefined && spec.keepNodeCopy !== true && rehearsal.archives().includes(status.archive.name)) faults.push(`${metadata.name}: the node still has ${status.archive.name}`);
  }
  const kept = new Set<string>();
  for await (const { key } of rehearsal.vault.list('clusters/')) kept.add(captureOfKey(key) ?? key);
  const told = new Set(sealed.map(({ status }) => status.vault?.key));
  for (const key of kept) if (!told.has(key)) faults.push(`the vault has ${key}, which no sealed capture names`);
  if (told.size !== sealed.length) faults.push(`${sealed.length} captures are sealed under ${told.size} keys`);
  return faults;
}
