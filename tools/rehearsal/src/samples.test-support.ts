import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export { capturingPolicy, falcoAlert } from './alerts.ts';

const samples = join(import.meta.dirname, '../../../samples');

/** An archive that a kubelet wrote, under a name that any file system takes. */
export const recordedArchive = join(samples, 'checkpoint-loop_lab-counter-2026-11-23T07-26-29Z.tar');

export function sampleAlert(file: string): string {
  return readFileSync(join(samples, 'alerts', file), 'utf8');
}
