import { workerData } from 'node:worker_threads';
import { makeCaptures } from './make-lake.ts';

makeCaptures(workerData);
