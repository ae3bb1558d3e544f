import { readLedger } from '@icecore/evidence';
import { formatBytes } from '@icecore/bytes';
import { z } from 'zod';
import type { Rehearsal } from '../rehearsal.ts';
import type { RoleProcess } from '../role-process.ts';
import type { Story } from '../story.ts';

const alertSchema = z.object({ priority: z.string(), rule: z.string(), output_fields: z.record(z.string(), z.unknown()) });
const answerSchema = z.object({ alerts: z.array(z.object({ outcome: z.string(), captures: z.array(z.string()) })) });

export interface EvidenceOptions {
  readonly rehearsal: Rehearsal;
  /** An alert of Falco, as it comes. */
  readonly alert: string;
  /** Where alerts are taken. */
  readonly url: string;
  readonly node: RoleProcess;
  readonly story: Story;
}

export interface SealedCapture {
  /** In the vault. */
  readonly key: string;
  /** In the cluster. */
  readonly name: string;
  readonly sha256: string;
}

/** From the alert to sealed evidence, told as it goes. Gives the capture's key in the vault. Rejects where it does not come to that. */
export async function evidence({ rehearsal, alert, url, node, story }: EvidenceOptions): Promise<SealedCapture> {
  const { priority, rule, output_fields: fields } = alertSchema.parse(JSON.parse(alert));
  story.step('alert', `Falco, ${priority}: ${rule}.`, `${String(fields['k8s.ns.name'])}/${String(fields['k8s.pod.name'])}, container ${String(fields['container.name'])}: ${String(fields['proc.cmdline'])}`);
  const begun = performance.now();
  const answer = await fetch(url, { method: 'POST', body: alert, headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}` } });
  const told: unknown = await answer.json();
  const name = answerSchema.safeParse(told).data?.alerts[0]?.captures[0];
  if (answer.status !== 202 || name === undefined) throw new Error(`the alert was answered with ${answer.status}: ${JSON.stringify(told)}`);
  story.step('accepted', `${answer.status} within ${(performance.now() - begun).toFixed(0)} ms, once the capture was stored in the cluster:`, name);

  const [capture] = await rehearsal.until((all) => all.length === 1 && all[0]?.status.finishedAt !== undefined && all[0].metadata.finalizers?.length === 0, 120_000);
  if (capture === undefined || capture.status.phase !== 'sealed') throw new Error(`the capture ended as ${capture?.status.phase}: ${capture?.status.message}`);
  const { archive, vault } = capture.status;
  const spent = durations(node);
  story.step('captured', `POST /checkpoint/${capture.spec.subject} left ${formatBytes(archive?.bytes ?? 0)} on the node (${spent('checkpointing')}):`, archive?.name ?? '');
  story.step('hashed', `SHA-256 before it left the node (${spent('hashing')}):`, archive?.sha256 ?? '');
  const ledger = await readLedger(rehearsal.vault, vault?.key ?? '');
  const signer = await rehearsal.signer;
  story.step('sealed', `In the vault, locked (${spent('shipping')}). Its ledger, signed by key ${signer.keyId.slice(0, 12)}…, says ${ledger.map(({ action }) => action).join(', ')}.`);
  story.step('verified', `Read back and compared (${spent('verifying')}); then the node’s copy was removed: ${rehearsal.archives().length} archives lie there.`);
  return { key: vault?.key ?? '', name, sha256: archive?.sha256 ?? '' };
}

/** How long the node's role was at a phase, by its log. */
function durations({ log }: RoleProcess): (phase: string) => string {
  const begun = new Map(log.filter(({ msg }) => msg === 'phase').map(({ phase, before, time }) => [String(before), { next: String(phase), at: Date.parse(String(time)) }]));
  const entered = (phase: string): number | undefined => [...begun.values()].find(({ next }) => next === phase)?.at;
  return (phase) => {
    const [from, to] = [entered(phase), begun.get(phase)?.at];
    return from === undefined || to === undefined ? 'time not told' : `${to - from} ms`;
  };
}
