import type { Suite } from '../suite.ts';
import { decoding } from './decoding.ts';
import { live } from './live.ts';
import { scan } from './scan.ts';
import { triage } from './triage.ts';

/** All suites, in the order of the page. */
export const allSuites: readonly Suite[] = [triage, decoding, scan, live];
