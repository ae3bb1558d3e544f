import { s3ClientFor, s3LakeStore } from '@icecore/aws';
import { compactLake, type CompactReport } from '@icecore/lake';
import { environmentNames } from '@icecore/pipeline';
import { allTables } from '@icecore/tables';
import type { Context } from 'aws-lambda';
import { compactEnvironment } from './environment.ts';
import { logger, observed } from './telemetry.ts';

/**
 * Longest time that one compaction takes, in milliseconds: with less than that left none is begun, and the next night goes on.
 */
const oneCompactionMs = 300_000;

/**
 * Twice the longest time that Athena lets a query run (240 minutes, where its quota is raised to the most), and less than the
 * day between two runs, by more than they may be late.
 */
const graceSeconds = 12 * 3600;

/** Compacts the lake: each night takes every compaction one step further. The event is the schedule's, and says nothing. */
export async function handler(_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>): Promise<CompactReport> {
  const { [environmentNames.lake]: lake } = compactEnvironment.parse(process.env);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), Math.max(0, context.getRemainingTimeInMillis() - oneCompactionMs));
  try {
    return await observed('compact', { request: context.awsRequestId }, async () => {
      const report = await compactLake({ store: s3LakeStore({ client: s3ClientFor(process.env), ...lake }), tables: allTables, clock: () => new Date(), graceSeconds, signal: stop.signal });
      const { left, ...counts } = report;
      logger.info('the lake is compacted', { ...counts, left: left.length });
      // Paths are names of captures and tables; what is in a part is not told.
      for (const { path, reason } of left) logger.warn('a part is left as it is', { path, reason });
      return report;
    });
  } finally {
    clearTimeout(timer);
  }
}
