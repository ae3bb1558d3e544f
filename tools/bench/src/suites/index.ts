import type { Suite } from '../suite.ts';
import { cost } from './cost.ts';
import { decoding } from './decoding.ts';
import { hash } from './hash.ts';
import { live } from './live.ts';
import { memory } from './memory.ts';
import { parquet } from './parquet.ts';
import { query } from './query.ts';
import { scan } from './scan.ts';
import { triage } from './triage.ts';

/** All suites, in the order of the page. */
export const allSuites: readonly Suite[] = [triage, decoding, scan, hash, parquet, query, memory, live, cost];
