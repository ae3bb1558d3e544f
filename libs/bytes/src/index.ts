export { type ByteSource, readAll, readInto, readPieces } from './source.ts';
export { filledSource, memorySource, outside, type Segment, sliceSource, sparseSource } from './sources.ts';
export { at, DamageError, type DamageCode, formatPlace, isDamageError, type Place, placed } from './errors.ts';
export { formatGap, type Gap, gapOf } from './gap.ts';
export { bytesToHex, formatBytes, hex } from './hex.ts';
export { bytesFromText, decodeText, decodeTextExactly, textFromBytes, untilNul, visible } from './text.ts';
