import { formatBytes } from '@icecore/bytes';
import type { AlertAnswer, Capture } from '@icecore/capture';
import type { JsonValue } from '@icecore/criu';
import type { Terminal } from '../terminal.ts';
import { shown } from './text-table.ts';

/** What is asked for, when it is stored. */
export async function printWanted({ metadata, spec }: Capture, terminal: Terminal): Promise<void> {
  const { series, notBefore, target } = spec;
  const place = series === undefined ? '' : `, ${series.index + 1} of ${series.count}${notBefore === undefined ? '' : `, due ${notBefore.slice(11, 19)}`}`;
  await terminal.line(`${metadata.name}: ${shown(spec.subject, 200)} on node ${shown(target.node, 100)}${place}`);
}

const styles = { sealed: 'green', failed: 'red', refused: 'red' } as const;

/** A phase as it is reached, with what there is to say of it. */
export async function printPhase({ metadata, status }: Capture, several: boolean, terminal: Terminal): Promise<void> {
  const { phase, reason, message, archive, vault, finding } = status;
  const word = Object.hasOwn(styles, phase) ? terminal.style(styles[phase === 'sealed' ? 'sealed' : 'failed'], phase) : phase;
  const time = new Date().toISOString().slice(11, 19);
  const says = phase === 'sealed' ? `${formatBytes(archive?.bytes ?? 0)}, SHA-256 ${archive?.sha256 ?? ''}` : reason === undefined ? '' : `${reason}: ${shown(message ?? '', 1000)}`;
  await terminal.line(`  ${time}  ${several ? `${metadata.name}  ` : ''}${word}${says === '' ? '' : `  ${says}`}`);
  if (finding !== undefined) await terminal.line(`            finding ${finding.signal}, ${finding.severity}: ${shown(finding.title, 200)} (${finding.reason}); harmless where ${shown(finding.falsePositives, 300)}`);
  if (phase === 'sealed') await terminal.line(`            ${shown(vault?.location ?? '', 500)} ${shown(vault?.key ?? '', 500)}`);
}

/** Why nothing was asked for. */
export async function printRefused(target: string, { outcome, captures, reasons }: AlertAnswer, json: boolean, terminal: Terminal): Promise<void> {
  if (json) return terminal.json({ target, outcome, captures: [...captures], reasons: reasons.map((each) => ({ ...each })) });
  if (outcome === 'dry_run') return terminal.line(`${shown(target, 300)} is not captured: the policy is a dry run. It would be: ${captures.join(', ')}`);
  const no = reasons.findLast(({ holds }) => !holds);
  await terminal.line(`${shown(target, 300)} is not captured: ${no === undefined ? 'policy asks for nothing' : `${shown(no.check, 100)}: ${shown(no.says, 500)}`}`);
  if (no?.check === 'rules') await terminal.line('  a rule of the policy has to take such orders: { name: asked for, match: { source: operator }, capture: {} }');
}

/** A capture for programs. */
export function captureJson({ metadata, spec, status }: Capture): JsonValue {
  const { archive, vault } = status;
  return {
    capture: metadata.name,
    uid: metadata.uid,
    target: { namespace: spec.target.namespace, pod: spec.target.pod, pod_uid: spec.target.podUid ?? null, container: spec.target.container, container_id: spec.target.containerId ?? null, node: spec.target.node },
    asked_at: metadata.creationTimestamp,
    why: spec.reason,
    phase: status.phase,
    reason: status.reason ?? null,
    message: status.message ?? null,
    finding: status.finding === undefined ? null : { ...status.finding },
    attempts: status.attempts?.length ?? 0,
    archive: archive === undefined ? null : { name: archive.name, taken_at: archive.takenAt, bytes: archive.bytes ?? null, sha256: archive.sha256 ?? null },
    vault: vault === undefined ? null : { location: vault.location, key: vault.key },
    finished_at: status.finishedAt ?? null,
  };
}
