import type { Detector } from '../detector.ts';

export const stateDetectors: readonly Detector[] = [];
