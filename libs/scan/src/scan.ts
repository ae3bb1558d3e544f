import type { CheckpointArchive } from '@icecore/archive';
import { type Gap, gapOf, isDamageError } from '@icecore/bytes';
import type { SecretKey } from '@icecore/secrets';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { archiveStretch, fileStretches, queueStretches } from './file-stretches.ts';
import type { ScanHit } from './hits.ts';
import { memoryStretches } from './memory-stretches.ts';
import { shellHistory } from './recognisers/shell-history.ts';
import { type BlockScanner, blockScanner, type BlockScannerOptions } from './scan-block.ts';
import { type Block, blockBytes, type Stretch } from './stretch.ts';

/** Everything of a capture that is scanned, in an order that depends on the archive alone. */
export interface ScanPlan {
  readonly stretches: readonly Stretch[];
  /** Blocks of all stretches; a range of them, by index, can be scanned anywhere. */
  readonly blockCount: number;
  readonly totalBytes: number;
  block(index: number): Block;
  readonly snapshot: ContainerSnapshot;
}

/** Logs that engines put into the archive beside the images. */
export const logEntries: readonly string[] = ['ctr.log', 'container.log', 'io.kubernetes.cri-o.LogPath'];

/** Memory by process and address, then files, then queues, then logs. */
export async function planScan(snapshot: ContainerSnapshot, archive?: CheckpointArchive): Promise<ScanPlan> {
  const logs = logEntries.flatMap((path) => {
    const entry = archive?.entries.get(path);
    return entry?.type === 'file' && entry.source.size > 0 ? [archiveStretch(entry.source, path)] : [];
  });
  const stretches = [...memoryStretches(snapshot), ...(await fileStretches(snapshot)), ...queueStretches(snapshot), ...logs];
  const firsts: number[] = [];
  let blockCount = 0;
  for (const { length } of stretches) {
    firsts.push(blockCount);
    blockCount += Math.ceil(length / blockBytes);
  }
  return {
    stretches,
    blockCount,
    totalBytes: stretches.reduce((sum, { length }) => sum + length, 0),
    snapshot,
    block(index) {
      let at = firsts.findLastIndex((first) => first <= index);
      while (at > 0 && stretches[at]?.length === 0) at -= 1;
      const stretch = stretches[at];
      if (stretch === undefined || index < 0 || index >= blockCount) throw new RangeError(`block ${index} is not one of ${blockCount}`);
      const start = (index - (firsts[at] ?? 0)) * blockBytes;
      return { stretch, start, end: Math.min(stretch.length, start + blockBytes) };
    },
  };
}

export interface ScanOptions extends BlockScannerOptions {
  /** A scanner made of these options, for who scans range after range: making one takes as long as scanning some 20 MiB. One scan at a time. */
  readonly scanner?: BlockScanner;
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneBytes: number) => void;
}

/** What a scan found, or a part of one. */
export interface ScanResult {
  readonly hits: readonly ScanHit[];
  readonly runs: { readonly ascii: number; readonly wide: number; readonly characters: number };
  readonly scannedBytes: number;
  readonly gaps: readonly Gap[];
}

/**
 * Scans the blocks from `first` up to, not including, `end`. What a block gives depends on that block alone, so that ranges
 * can be scanned apart, in any order, and joined by `joinScans`.
 */
export async function scanBlocks(plan: ScanPlan, first: number, end: number, options: ScanOptions): Promise<ScanResult> {
  const scanner = options.scanner ?? blockScanner(options);
  const hits: ScanHit[] = [];
  const gaps: Gap[] = [];
  const runs = { ascii: 0, wide: 0, characters: 0 };
  let scannedBytes = 0;
  for (let index = first; index < end; index++) {
    options.signal?.throwIfAborted();
    const block = plan.block(index);
    try {
      const found = await scanner.scan(block);
      for (const hit of found.hits) hits.push(hit);
      runs.ascii += found.runs.ascii;
      runs.wide += found.runs.wide;
      runs.characters += found.runs.characters;
      if (found.dropped > 0) gaps.push({ code: 'limit', subject: `${found.dropped} hits in ${block.stretch.subject}`, reason: 'more of a kind than one block gives', place: { offset: block.start } });
      if (found.yaraFailure !== undefined) gaps.push({ code: 'limit', subject: `YARA matches in ${block.stretch.subject}`, reason: found.yaraFailure, place: { offset: block.start } });
    } catch (error) {
      if (!isDamageError(error)) throw error;
      gaps.push(gapOf(`${block.end - block.start} bytes of ${block.stretch.subject} in the scan`, error));
    }
    scannedBytes += block.end - block.start;
    options.onProgress?.(scannedBytes);
  }
  return { hits, runs, scannedBytes, gaps };
}

/** Joins the results of ranges, given in the order of their blocks. */
export function joinScans(parts: readonly ScanResult[]): ScanResult {
  return {
    hits: parts.flatMap(({ hits }) => hits),
    runs: {
      ascii: parts.reduce((sum, { runs }) => sum + runs.ascii, 0),
      wide: parts.reduce((sum, { runs }) => sum + runs.wide, 0),
      characters: parts.reduce((sum, { runs }) => sum + runs.characters, 0),
    },
    scannedBytes: parts.reduce((sum, { scannedBytes }) => sum + scannedBytes, 0),
    gaps: parts.flatMap(({ gaps }) => gaps),
  };
}

/** The histories of all shells, which lie across blocks. */
export async function shellHistories(plan: ScanPlan, key: SecretKey): Promise<readonly ScanHit[]> {
  const histories = await Promise.all(plan.snapshot.processes.map((process) => shellHistory(process, key)));
  return histories.flat();
}

/** Scans everything in this thread, and reads the shells' histories. */
export async function scanAll(plan: ScanPlan, options: ScanOptions): Promise<ScanResult> {
  const scanned = await scanBlocks(plan, 0, plan.blockCount, options);
  return { ...scanned, hits: [...scanned.hits, ...(await shellHistories(plan, options.key))] };
}
