import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BatchReport } from './batch.ts';
import type { Ending } from './reading.ts';

export interface CampaignOptions {
  readonly seed: number;
  readonly cases: number;
  /** Longest that one case may take, in milliseconds. */
  readonly maxCaseTime: number;
  readonly processes: number;
}

/** A case that ended in neither a result nor a refusal. */
export interface Defect {
  readonly number: number;
  readonly error: string;
}

export interface CampaignReport {
  readonly endings: Record<Ending, number>;
  readonly defects: readonly Defect[];
  readonly slowest: BatchReport['slowest'];
  /** Most memory that a process has had resident, in bytes. */
  readonly peakBytes: number;
}

const batchPath = fileURLToPath(new URL('./batch.ts', import.meta.url));
const maxBatchCases = 2500;
/** Objects that a batch may keep, in MiB: one case that takes more ends its process, and so is noticed. */
const maxHeap = 384;
const maxStartTime = 60_000;

/** Reads mutated archives in processes of their own, so that a case that hangs or takes all memory ends only itself. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const batchCases = Math.min(maxBatchCases, Math.ceil(options.cases / options.processes));
  const waiting: { from: number; count: number }[] = [];
  for (let from = 0; from < options.cases; from += batchCases) waiting.push({ from, count: Math.min(batchCases, options.cases - from) });
  const total = { endings: { read: 0, refused: 0 }, defects: [] as Defect[], slowest: { number: 0, took: 0 }, peakBytes: 0 };
  const work = async (): Promise<void> => {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      const { report, defect } = await runBatch(options, batch.from, batch.count);
      if (defect !== undefined) {
        total.defects.push(defect);
        const next = Math.max(batch.from, defect.number) + 1;
        if (next < batch.from + batch.count) waiting.push({ from: next, count: batch.from + batch.count - next });
      }
      if (report === undefined) continue;
      total.endings.read += report.endings.read;
      total.endings.refused += report.endings.refused;
      total.defects.push(...report.failures);
      total.peakBytes = Math.max(total.peakBytes, report.peakBytes);
      if (report.slowest.took > total.slowest.took) total.slowest = report.slowest;
    }
  };
  await Promise.all(Array.from({ length: options.processes }, work));
  return total;
}

interface BatchResult {
  readonly report?: BatchReport;
  /** The case that ended the batch: it hung, or took the process with it. */
  readonly defect?: Defect;
}

function runBatch({ seed, maxCaseTime }: CampaignOptions, from: number, count: number): Promise<BatchResult> {
  return new Promise((resolve) => {
    const child = fork(batchPath, [seed, from, count].map(String), { execArgv: [`--max-old-space-size=${maxHeap}`, '--no-warnings'] });
    let current = from - 1;
    let report: BatchReport | undefined;
    let hung = false;
    const kill = (): void => {
      hung = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(kill, maxStartTime);
    child.on('message', (message: number | BatchReport) => {
      clearTimeout(timer);
      if (typeof message === 'number') {
        current = message;
        timer = setTimeout(kill, maxCaseTime);
      } else report = message;
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (report !== undefined) resolve({ report });
      else resolve({ defect: { number: current, error: hung ? `took more than ${maxCaseTime} ms` : `the process ended with ${signal ?? code}` } });
    });
  });
}
