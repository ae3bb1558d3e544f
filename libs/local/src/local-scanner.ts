import { join, resolve } from 'node:path';
import { objectKeys } from '@icecore/evidence';
import { type EvidenceReference, type ScanHere, type Scanner, threadScanner } from '@icecore/pipeline';
import { parseWatchList } from '@icecore/scan';
import { type ScanPool, scanPool } from './scan-pool.ts';
import { yaraEngine } from './yara-engine.ts';

export interface LocalScannerOptions {
  /** Bytes of the tenant's key for HMACs of secrets. */
  readonly keyBytes: Uint8Array;
  /** The user's indicators, as `parseWatchList` reads them. */
  readonly indicators: string;
  readonly yaraFiles: readonly string[];
  /** Threads that scan what is large. */
  readonly workers: number;
  /** Folder of the vault that sealed evidence is in; undefined where it is in no folder. */
  readonly vaultFolder: string | undefined;
}

/** Memory that one thread scans sooner than others have started. */
const smallScanBytes = 128 << 20;

/**
 * Scans in this thread what is small, in threads of their own what is large and lies in a file. Throws a `YaraRuleError` for
 * rules that cannot be used.
 */
export function localScanner(evidence: EvidenceReference, { keyBytes, indicators, yaraFiles, workers, vaultFolder }: LocalScannerOptions): Scanner & AsyncDisposable {
  const rules = yaraFiles.length === 0 ? {} : { yara: yaraEngine(yaraFiles) };
  const here = threadScanner({ watch: parseWatchList(indicators), ...rules });
  const [archive, ...parents] = filesOf(evidence, vaultFolder);
  let pool: ScanPool | undefined;
  const isLarge = async (given: ScanHere): Promise<boolean> => pool !== undefined || (await given.plan()).totalBytes >= smallScanBytes;
  return {
    async scan(reference, range, given) {
      if (archive === undefined || !(await isLarge(given))) return here.scan(reference, range, given);
      pool ??= scanPool({ archive, parents, keyBytes, indicators, yaraFiles, keySchedules: true }, workers);
      return pool.scan(range);
    },
    [Symbol.asyncDispose]: async () => pool?.[Symbol.asyncDispose](),
  };
}

/** The evidence as files; none where it is in no folder. */
function filesOf(evidence: EvidenceReference, vaultFolder: string | undefined): readonly string[] {
  if (evidence.kind === 'file') return [evidence.archive, ...evidence.parents];
  return vaultFolder === undefined ? [] : [evidence.capture, ...evidence.parents].map((each) => join(resolve(vaultFolder), objectKeys.archive(each)));
}
