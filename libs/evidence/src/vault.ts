import type { ByteSource } from '@icecore/bytes';

/** How long an object is locked, and whether it is held beyond that. */
export interface Lock {
  /** Nobody can delete or overwrite the object before this moment. It can be moved later, never earlier. */
  readonly retainUntil: Date;
  /** A hold has no end of its own: it is set while a case is open, and released by name. */
  readonly held: boolean;
}

/** An object of the vault as the vault itself tells it. */
export interface VaultObject {
  readonly key: string;
  readonly bytes: number;
  readonly storedAt: Date;
  /** Version that the store gave it, where it has versions. */
  readonly versionId: string | undefined;
  readonly lock: Lock | undefined;
  /** SHA-256 of the content, where the vault can tell without reading it: for a writer who may not read. */
  readonly sha256?: string;
}

/** What was stored: the hashes are over all of the bytes, in the order in which they were given. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** 64 lower-case hex digits, computed here while the bytes went by. */
  readonly sha256: string;
  /** CRC64NVME over the whole object, 16 lower-case hex digits; where the store is S3, S3 checked it. */
  readonly crc64nvme: string;
  readonly versionId: string | undefined;
}

export interface PutOptions {
  readonly lock: Lock;
  /** What the caller knows of the content; the put is refused as `mismatch` where it is otherwise, and nothing stays. */
  readonly expected?: { readonly bytes?: number; readonly sha256?: string };
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneBytes: number) => void;
}

/**
 * Where evidence is kept. An object is written once, whole or not at all, and never changed. Rejects with a
 * `VaultError`: `exists`, `missing`, `mismatch`, `locked`, `refused`, `incomplete`, `unavailable`.
 */
export interface EvidenceVault {
  /** Where it is, for people and for the record: a folder's path, `s3://bucket`. */
  readonly location: string;
  /**
   * Stores an object from a source that is read once, from its beginning to its end, in pieces. A put of the same key
   * and bytes that was broken off is taken up where it stopped where the store allows it.
   */
  put(key: string, source: ByteSource, options: PutOptions): Promise<StoredObject>;
  /** The object's bytes, by ranges. */
  open(key: string): Promise<ByteSource>;
  /** What the vault knows of an object; undefined where there is none. */
  describe(key: string): Promise<VaultObject | undefined>;
  /** Objects whose key begins with `prefix`, by ascending key. */
  list(prefix: string): AsyncIterable<VaultObject>;
  /** Moves the end of the lock to a later moment. Rejects with `locked` for an earlier one. */
  extend(key: string, retainUntil: Date): Promise<void>;
  /** Sets or releases the hold. */
  hold(key: string, held: boolean): Promise<void>;
  /**
   * Takes an object away whose lock has ended and which nothing holds; rejects with `locked` otherwise. A store that expires
   * objects by a rule of its own has no such function.
   */
  expire?(key: string): Promise<void>;
  /** Puts that began and did not end: what a crash left. */
  incomplete(prefix: string): AsyncIterable<{ readonly key: string; readonly startedAt: Date; readonly bytes: number }>;
}
