import { runScanWorker } from './scan-worker.ts';

// A rejection ends the thread, and whoever started it is told.
void runScanWorker();
