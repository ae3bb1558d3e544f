import type { Detector } from './detector.ts';
import { actDetectors } from './detectors/act-detectors.ts';
import { stateDetectors } from './detectors/state-detectors.ts';

/** Every detector, in the order of their signals. */
export const detectors: readonly Detector[] = [...actDetectors, ...stateDetectors].sort((a, b) => signalNumber(a) - signalNumber(b) || (a.id < b.id ? -1 : 1));

function signalNumber({ signal }: Detector): number {
  return Number(signal.replace(/^S(\d+).*$/, '$1'));
}
