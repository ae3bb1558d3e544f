import { readFile } from 'node:fs/promises';
import { parseWatchList, WatchListError } from '@icecore/scan';
import { UsageError } from './command.ts';

/** Options of every command that scans. */
export const scanOptions = {
  indicators: { type: 'string', value: 'FILE', summary: 'your own indicators: a hash, domain, address or text a line' },
  yara: { type: 'string', value: 'FILE', multiple: true, summary: 'YARA rules; repeat for several files' },
} as const;

/** What the user wants to be looked for besides. */
export interface ScanChoice {
  /** The list of indicators as text; empty for none. */
  readonly indicators: string;
  readonly yaraFiles: readonly string[];
}

/** Reads the choice, and refuses a list that cannot be used before any evidence is opened. */
export async function scanChoiceOf(options: { readonly indicators?: string | undefined; readonly yara?: readonly string[] | undefined }): Promise<ScanChoice> {
  const { indicators: path, yara: yaraFiles = [] } = options;
  if (path === undefined) return { indicators: '', yaraFiles };
  const indicators = await readFile(path, 'utf8');
  try {
    parseWatchList(indicators);
  } catch (error) {
    if (error instanceof WatchListError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
  return { indicators, yaraFiles };
}
