import { parentPort, workerData } from 'node:worker_threads';
import { compactLake } from '@icecore/lake';
import { lakeFolder } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { z } from 'zod';

const { root, at, of } = z.object({ root: z.string(), at: z.number(), of: z.number() }).parse(workerData);
/** The days of this worker, by what no two workers share. */
const mine = ({ tenant, date }: { readonly tenant: string; readonly date: string }): boolean => [...`${tenant}${date}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10_007, 7) % of === at;
parentPort?.postMessage(await compactLake({ store: lakeFolder(root), tables: allTables, clock: () => new Date(), graceSeconds: 0, only: mine }));
