import { availableParallelism } from 'node:os';
import { type Gap } from '@icecore/bytes';
import type { Detection, ExaminedFile } from '@icecore/findings';
import { localScanner } from '@icecore/local';
import { type EvidenceReference, judge, rangesOf } from '@icecore/pipeline';
import { joinScans, planScan, type ScanHit } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
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

/** Scans everything that an open archive holds and asks every detector, and writes nothing. */
export async function examineEvidence(evidence: OpenEvidence, options: ExaminationOptions, terminal: Terminal): Promise<Examined> {
  const { path, snapshot, archive } = evidence;
  const { keyBytes, captureId, indicators, yaraFiles, parents } = options;
  const key = secretKey(keyBytes);
  const reference: EvidenceReference = { kind: 'file', archive: path, parents: [...parents] };
  await using scanner = localScanner(reference, { keyBytes, indicators, yaraFiles, workers: availableParallelism(), vaultFolder: undefined });
  const plan = await planScan(snapshot, archive);
  const ranges = rangesOf(plan);
  let done = 0;
  const scans = ranges.map(async (range) => {
    const { result } = await scanner.scan(reference, range, { key, signal: new AbortController().signal, onProgress: () => undefined, plan: async () => plan });
    done += range.end - range.first;
    terminal.progress(`${path}: scanning, ${Math.floor((100 * done) / Math.max(1, plan.blockCount))} %`);
    return result;
  });
  const scan = joinScans(await Promise.all(scans));
  terminal.progress(`${path}: examining`);
  const judgement = await judge(evidence, scan, captureId, key);
  terminal.progress(undefined);
  return { ...judgement, hits: [...scan.hits, ...judgement.histories], scannedBytes: scan.scannedBytes };
}
