import type { Gap } from '@icecore/bytes';
import { detect, type Detection, examine } from '@icecore/findings';
import { emptyWatchList, planScan, scanAll, type ScanHit, type WatchList } from '@icecore/scan';
import { redact, type SecretKey } from '@icecore/secrets';
import { formatBytes } from '@icecore/bytes';
import type { OpenEvidence } from './evidence.ts';
import type { Terminal } from './terminal.ts';

/** What an examination of one archive gave. */
export interface Examined {
  readonly detection: Detection;
  readonly hits: readonly ScanHit[];
  readonly scannedBytes: number;
  /** What the scan and the detectors could not read. */
  readonly gaps: readonly Gap[];
}

export interface ExaminationOptions {
  readonly key: SecretKey;
  readonly captureId: string;
  readonly watch?: WatchList;
}

/** Scans everything that an archive holds and asks every detector. */
export async function examineEvidence({ path, snapshot, archive }: OpenEvidence, { key, captureId, watch = emptyWatchList }: ExaminationOptions, terminal: Terminal): Promise<Examined> {
  const plan = await planScan(snapshot, archive);
  const scan = await scanAll(plan, { key, watch, onProgress: (done) => terminal.progress(`${path}: scanning, ${formatBytes(done)} of ${formatBytes(plan.totalBytes)}`) });
  terminal.progress(`${path}: examining`);
  const { examination, gaps } = await examine(snapshot, { captureId, hits: scan.hits, redact: (text) => redact(text, key) });
  terminal.progress(undefined);
  return { detection: detect(examination), hits: scan.hits, scannedBytes: scan.scannedBytes, gaps: [...scan.gaps, ...gaps] };
}
