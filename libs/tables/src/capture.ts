import { type CaptureRow, LakeError } from '@icecore/lake';
import type { ContainerSnapshot } from '@icecore/snapshot';

/** Where a capture comes from: what the snapshot itself cannot tell. */
export interface CaptureOrigin {
  /** SHA-256 of the archive as it was given, 64 lower-case hex digits. */
  readonly archiveSha256: string;
  /** Size of the archive as it was given, in bytes. */
  readonly archiveBytes: number;
  /** `none`, `gzip`, `zstd`, …; undefined where not known. */
  readonly compression?: string;
  /** Name of the archive's file, without folders. */
  readonly archiveName?: string;
  readonly cluster?: string;
  readonly node?: string;
}

/** A capture: what its rows share, and what its archive was. */
export interface Capture {
  readonly row: CaptureRow;
  readonly origin: CaptureOrigin;
}

/**
 * Id of the capture that an archive is: the first 32 hex digits of its SHA-256, so that the same archive is the same
 * capture wherever it is added. Throws a `LakeError` (`invalid_name`) for what is no SHA-256 in lower-case hex.
 */
export function captureIdOf(archiveSha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(archiveSha256)) throw new LakeError('invalid_name', `${JSON.stringify(archiveSha256)} is not a SHA-256 in lower-case hex`);
  return archiveSha256.slice(0, 32);
}

/** The capture that a snapshot is, given where it comes from. */
export function captureOf({ container }: Pick<ContainerSnapshot, 'container'>, origin: CaptureOrigin): Capture {
  return {
    origin,
    row: {
      capture_id: captureIdOf(origin.archiveSha256),
      captured_at: container.checkpointedAt ?? null,
      cluster: origin.cluster ?? null,
      node: origin.node ?? null,
      namespace: container.pod?.namespace ?? null,
      pod: container.pod?.name ?? null,
      container: container.name ?? null,
      container_id: container.id ?? null,
      image: container.image ?? null,
      archive_sha256: origin.archiveSha256,
    },
  };
}
