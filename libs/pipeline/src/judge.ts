import type { CheckpointArchive } from '@icecore/archive';
import type { Gap } from '@icecore/bytes';
import { detect, type Detection, type ExaminedFile, examine } from '@icecore/findings';
import { planScan, type ScanHit, type ScanResult, shellHistories } from '@icecore/scan';
import { redact, type SecretKey } from '@icecore/secrets';
import type { ContainerSnapshot } from '@icecore/snapshot';

/** What the detectors say of a capture. */
export interface Judgement {
  readonly detection: Detection;
  /** Lines of shells' histories, which lie across blocks: hits besides those of the scan. */
  readonly histories: readonly ScanHit[];
  /** Changed and hidden files, as the detectors saw them. */
  readonly files: readonly ExaminedFile[];
  /** What the scan, and those who looked at files, could not read. */
  readonly gaps: readonly Gap[];
}

/** Reads the shells' histories and asks every detector, once all blocks are scanned. */
export async function judge({ snapshot, archive }: { readonly snapshot: ContainerSnapshot; readonly archive: CheckpointArchive }, scan: ScanResult, captureId: string, key: SecretKey): Promise<Judgement> {
  const histories = await shellHistories(await planScan(snapshot, archive), key);
  const { examination, gaps } = await examine(snapshot, { captureId, hits: [...scan.hits, ...histories], redact: (text) => redact(text, key) });
  return { detection: detect(examination), histories, files: examination.files, gaps: [...scan.gaps, ...gaps] };
}
