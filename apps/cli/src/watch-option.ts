import { readFile } from 'node:fs/promises';
import { emptyWatchList, parseWatchList, type WatchList, WatchListError } from '@icecore/scan';
import { UsageError } from './command.ts';

/** Options of every command that scans. */
export const watchOptions = {
  indicators: { type: 'string', value: 'FILE', summary: 'your own indicators: a hash, domain, address or text a line' },
} as const;

export async function watchListOf(path: string | undefined): Promise<WatchList> {
  if (path === undefined) return emptyWatchList;
  try {
    return parseWatchList(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof WatchListError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}
