import type { Detector } from '../detector.ts';

/** Detectors of what processes do: their programs, memory, shells and connections. */
export const actDetectors: readonly Detector[] = [];
