import type { SegmentView, Shade } from '@icecore/views/browser';

/** Colours of how random bytes are, by the bits a byte from which they count, the most random first. */
const steps = [[7.5, 'e-4', 'packed or encrypted'], [6.5, 'e-3', 'dense'], [4, 'e-2', 'code, data'], [1, 'e-1', 'text, tables'], [0, 'e-0', 'nearly the same byte']] as const;

export const entropyShades: readonly (readonly [name: string, title: string])[] = [...steps.toReversed().map(([from, name, title], i, all) => [name, `${title}, ${from}–${all[i + 1]?.[0] ?? 8}`] as const), ['e-none', 'nothing in the archive']];

export function entropyShade(bits: number | null): Shade {
  const step = bits === null ? undefined : steps.find(([from]) => bits >= from);
  return step === undefined || bits === null ? { name: 'e-none', text: 'nothing to measure' } : { name: step[1], text: `${bits.toFixed(1)} bits a byte` };
}

export const writtenShades: readonly (readonly [name: string, title: string])[] = [['w-code', 'code that differs from its file'], ['w-file', 'data that differs from its file'], ['w-own', 'written by the process'], ['w-none', 'as it was, or never written']];

/** An archive holds the pages that were written: of a mapped file those that are no longer as in the file. */
export function writtenShade({ kind, executable, bytes, storedBytes }: SegmentView): Shade {
  const share = `${bytes === 0 ? 0 : Math.ceil((100 * Math.min(storedBytes, bytes)) / bytes)} % written`;
  if (storedBytes === 0 || kind === 'kernel') return { name: 'w-none', text: 'not written' };
  if (kind !== 'program' && kind !== 'library' && kind !== 'file') return { name: 'w-own', text: share };
  return executable ? { name: 'w-code', text: `${share}: code that differs from its file` } : { name: 'w-file', text: `${share}: differs from its file` };
}
