import type { CheckpointArchive } from '@icecore/archive';
import type { ByteSource, Gap } from '@icecore/bytes';
import type { EvidenceVault, Signer } from '@icecore/evidence';
import type { LakeStore } from '@icecore/lake';
import type { ScanPlan, ScanResult } from '@icecore/scan';
import type { SecretKey } from '@icecore/secrets';
import type { ContainerSnapshot } from '@icecore/snapshot';
import type { BlockRange, EvidenceReference } from './input.ts';

/** An archive that is open, and the snapshot in it. */
export interface OpenCapture extends AsyncDisposable {
  readonly source: ByteSource;
  readonly archive: CheckpointArchive;
  readonly snapshot: ContainerSnapshot;
}

/** Opens what a reference names. Rejects with a `DamageError` or a `VaultError`. */
export interface EvidencePort {
  /** The archive's bytes as they were given. */
  source(reference: EvidenceReference): Promise<ByteSource & AsyncDisposable>;
  open(reference: EvidenceReference): Promise<OpenCapture>;
}

/** What a range gave, and what the snapshot noticed while it was read. */
export interface ScannedRange {
  readonly result: ScanResult;
  readonly snapshotGaps: readonly Gap[];
}

/** Scans blocks of an archive's plan: here, or in a thread that has the archive open itself. */
export interface Scanner {
  scan(reference: EvidenceReference, range: BlockRange, here: ScanHere): Promise<ScannedRange>;
}

/** For a scanner that works in this thread. */
export interface ScanHere {
  readonly key: SecretKey;
  readonly signal: AbortSignal;
  readonly onProgress: (doneBytes: number) => void;
  /** The plan and the snapshot that it was made from; opened when it is asked for first. */
  plan(): Promise<ScanPlan>;
}

/** What somebody is told when an analysis has ended: counts and names, never evidence. */
export type Notice =
  | { readonly kind: 'analyzed'; readonly name: string; readonly capture: string; readonly captureId: string; readonly severity: string | null; readonly findings: number; readonly incidents: number; readonly gaps: number; readonly report: string }
  | { readonly kind: 'quarantined'; readonly name: string; readonly capture: string; readonly error: string; readonly reason: string };

export interface PipelinePorts {
  readonly evidence: EvidencePort;
  /** The vault of sealed captures, and who signs in its ledgers; none where evidence is files alone. */
  readonly custody: { readonly vault: EvidenceVault; signer(): Promise<Signer> } | undefined;
  /**
   * Where steps keep what passes between them, below the execution's name. `bucket` and `prefix` tell where the store
   * is for the Map that reads its items from there by itself.
   */
  readonly working: { readonly store: LakeStore; readonly bucket: string; readonly prefix: string };
  readonly lake: LakeStore;
  /** The tenant's key for HMACs of secrets. */
  secretKey(tenant: string): Promise<SecretKey>;
  readonly scanner: Scanner;
  notify(notice: Notice): Promise<void>;
  readonly clock: () => Date;
  /** The program and its version, which decides how evidence is decoded. */
  readonly tool: { readonly name: string; readonly version: string };
  /** Bytes that one call of `verify` hashes at most, a multiple of 64. */
  readonly verifySliceBytes: number;
}

/** What a step is told of its call. */
export interface StepCall {
  readonly signal: AbortSignal;
  /** Says that the step is alive, and how far it is. */
  progress(done: number, total: number): void;
}
