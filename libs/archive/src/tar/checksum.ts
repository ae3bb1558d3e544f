import { parseOctal } from './number.ts';

export const blockBytes = 512;
const fieldStart = 148;
const fieldEnd = 156;
const spacesInField = 8 * 0x20;
const zeros = new Uint8Array(blockBytes);

/** The header's own checksum counts its field as spaces; some old writers summed signed bytes. */
export function isTarHeader(block: Uint8Array): boolean {
  if (!mayHoldChecksum(block)) return false;
  const stated = parseOctal(block.subarray(fieldStart, fieldEnd));
  if (stated === undefined) return false;
  let unsigned = spacesInField;
  let high = 0;
  for (let i = 0; i < blockBytes; i++) {
    if (i === fieldStart) i = fieldEnd;
    const byte = block[i]!;
    unsigned += byte;
    high += byte >> 7;
  }
  return stated === unsigned || stated === unsigned - high * 256;
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block[0] === 0 && Buffer.compare(block, zeros) === 0;
}

/** A quick no for most blocks that are no header: the field's third byte is always a digit or a leading space. */
function mayHoldChecksum(block: Uint8Array): boolean {
  const byte = block[fieldStart + 2]!;
  return block.length === blockBytes && ((byte >= 0x30 && byte <= 0x37) || byte === 0x20);
}
