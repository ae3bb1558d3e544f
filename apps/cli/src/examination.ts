import { availableParallelism } from 'node:os';
import { formatBytes, type Gap } from '@icecore/bytes';
import { detect, type Detection, type ExaminedFile, examine } from '@icecore/findings';
import { scanWithWorkers, yaraEngine } from '@icecore/local';
import { parseWatchList, planScan, scanBlocks, type ScanHit, shellHistories } from '@icecore/scan';
import { redact, secretKey } from '@icecore/secrets';
import type { OpenEvidence } from './evidence.ts';
import type { ScanChoice } from './scan-options.ts';
import type { Terminal } from './terminal.ts';

/** What an examination of one archive gave. */
export interface Examined {
  readonly detection: Detection;
  readonly hits: readonly ScanHit[];
  readonly scannedBytes: number;
  /** Changed and hidden files, as the detectors saw them. */
  readonly files: readonly ExaminedFile[];
  /** What the scan and the detectors could not read. */
  readonly gaps: readonly Gap[];
}

export interface ExaminationOptions extends ScanChoice {
  /** Bytes of the tenant's key. */
  readonly keyBytes: Uint8Array;
  readonly captureId: string;
  readonly parents: readonly string[];
}

/** Memory that one thread scans sooner than others have started. */
const smallScanBytes = 128 << 20;

/** Scans everything that an archive holds, on all cores where that is much, and asks every detector. */
export async function examineEvidence({ path, snapshot, archive }: OpenEvidence, options: ExaminationOptions, terminal: Terminal): Promise<Examined> {
  const { keyBytes, captureId, indicators, yaraFiles, parents } = options;
  const key = secretKey(keyBytes);
  const plan = await planScan(snapshot, archive);
  const scan =
    plan.totalBytes < smallScanBytes
      ? await scanBlocks(plan, 0, plan.blockCount, {
          key,
          watch: parseWatchList(indicators),
          ...(yaraFiles.length === 0 ? {} : { yara: yaraEngine(yaraFiles) }),
          onProgress: (done) => terminal.progress(`${path}: scanning, ${formatBytes(done)} of ${formatBytes(plan.totalBytes)}`),
        })
      : await scanWithWorkers({ archive: path, parents, keyBytes, indicators, yaraFiles, keySchedules: true }, plan.blockCount, {
          workers: availableParallelism(),
          onProgress: (done) => terminal.progress(`${path}: scanning, ${Math.floor((100 * done) / plan.blockCount)} %`),
        });
  terminal.progress(`${path}: examining`);
  const hits = [...scan.hits, ...(await shellHistories(plan, key))];
  const { examination, gaps } = await examine(snapshot, { captureId, hits, redact: (text) => redact(text, key) });
  terminal.progress(undefined);
  return { detection: detect(examination), hits, scannedBytes: scan.scannedBytes, files: examination.files, gaps: [...scan.gaps, ...gaps] };
}
