import type { CustodyEntry, Lock, Manifest, VerifyReport } from '@icecore/evidence';
import type { EvidenceText, TextMaker } from './text.ts';

/** Most entries of a ledger that a page lists. */
export const maxShownLedger = 500;

/** What the vault knows of a capture; `unreadable` where it has one, and its manifest or ledger cannot be read. */
export type CustodyRecord = SealedRecord | { readonly captureKey: string; readonly unreadable: string };

export interface SealedRecord {
  readonly captureKey: string;
  readonly manifest: Manifest;
  readonly ledger: readonly CustodyEntry[];
  readonly lock: Lock | undefined;
  /** What checking it gave; undefined where it was not checked. */
  readonly verified: VerifyReport | undefined;
}

export interface LedgerEntryView {
  readonly seq: number;
  readonly at: string;
  readonly action: string;
  readonly actor: EvidenceText;
  readonly tool: EvidenceText;
  readonly reason: EvidenceText;
  readonly hash: string;
  readonly keyId: string;
}

/** Where the evidence has been, and what proves it. */
export type CustodyView =
  | { readonly state: 'not_sealed' }
  | { readonly state: 'unreadable'; readonly captureKey: string; readonly reason: EvidenceText }
  | {
      readonly state: 'sealed';
      readonly captureKey: string;
      readonly sha256: string;
      readonly crc64nvme: string;
      readonly entries: number;
      readonly entriesRoot: string;
      readonly sealedAt: string;
      readonly takenAt: string;
      readonly by: EvidenceText;
      readonly reason: EvidenceText | undefined;
      readonly case: EvidenceText | undefined;
      readonly alert: EvidenceText | undefined;
      readonly policy: EvidenceText | undefined;
      readonly lockedUntil: string | undefined;
      readonly held: boolean;
      readonly ledger: readonly LedgerEntryView[];
      readonly ledgerLength: number;
      readonly head: string | undefined;
      readonly verified: { readonly holds: boolean; readonly faults: readonly EvidenceText[]; readonly timestamps: readonly string[]; readonly unchecked: readonly EvidenceText[] } | undefined;
    };

export function custodyView(record: CustodyRecord | undefined, { text }: TextMaker): CustodyView {
  if (record === undefined) return { state: 'not_sealed' };
  if ('unreadable' in record) return { state: 'unreadable', captureKey: record.captureKey, reason: text(record.unreadable) };
  const { captureKey, manifest, ledger, lock, verified } = record;
  const { archive, when, why } = manifest;
  const maybe = (value: string | null): EvidenceText | undefined => (value === null ? undefined : text(value));
  return {
    state: 'sealed',
    captureKey,
    sha256: archive.sha256,
    crc64nvme: archive.crc64nvme,
    entries: manifest.entries.length,
    entriesRoot: manifest.entriesRoot,
    sealedAt: when.sealedAt,
    takenAt: when.takenAt,
    by: text(manifest.by),
    reason: maybe(why.reason),
    case: maybe(why.case),
    alert: maybe(why.alert),
    policy: maybe(why.policy),
    lockedUntil: lock?.retainUntil.toISOString(),
    held: lock?.held ?? false,
    ledger: ledger.slice(0, maxShownLedger).map(({ seq, at, action, actor, tool, reason, hash, keyId }) => ({
      seq,
      at,
      action,
      actor: text(`${actor.type} ${actor.id}`),
      tool: text(`${tool.name} ${tool.version}`),
      reason: text(reason),
      hash,
      keyId,
    })),
    ledgerLength: ledger.length,
    head: ledger.at(-1)?.hash,
    verified: verified === undefined ? undefined : verifiedView(verified, text),
  };
}

function verifiedView(report: VerifyReport, text: TextMaker['text']): Extract<CustodyView, { state: 'sealed' }>['verified'] {
  const faults = report.holds ? [] : [{ place: report.place, reason: report.reason }, ...report.more].slice(0, 50);
  return {
    holds: report.holds,
    faults: faults.map(({ place, reason }) => text(`${place}: ${reason}`)),
    timestamps: report.checked.timestamps,
    unchecked: report.checked.unchecked.map((each) => text(each)),
  };
}
