import type { Detector } from './detector.ts';
import { actDetectors } from './detectors/act-detectors.ts';
import { stateDetectors } from './detectors/state-detectors.ts';

/** Every detector, in the order of its signal. */
export const allDetectors: readonly Detector[] = [...actDetectors, ...stateDetectors].sort(
  (a, b) => Number(a.signal.slice(1)) - Number(b.signal.slice(1)) || (a.id < b.id ? -1 : 1),
);
