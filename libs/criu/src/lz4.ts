import { DamageError } from '@icecore/bytes';

/**
 * Decompresses one raw LZ4 block (LZ4 block format, no frame) of known size. Rejects with `malformed` where the block
 * gives more or less than `size` bytes or points outside itself: nothing is read or written past the buffers.
 */
export function decompressLz4Block(block: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let from = 0;
  let to = 0;
  const length = (nibble: number): number => {
    let total = nibble;
    if (nibble !== 15) return total;
    for (;;) {
      const byte = block[from++];
      if (byte === undefined) throw malformed('length runs past the block', from);
      total += byte;
      if (byte !== 255) return total;
    }
  };
  while (from < block.length) {
    const token = block[from++]!;
    const literals = length(token >>> 4);
    if (from + literals > block.length || to + literals > size) throw malformed(`${literals} literals do not fit`, from);
    out.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === block.length) break;
    if (from + 2 > block.length) throw malformed('offset runs past the block', from);
    const distance = block[from]! | (block[from + 1]! << 8);
    from += 2;
    const match = length(token & 15) + 4;
    if (distance === 0 || distance > to || to + match > size) throw malformed(`match of ${match} bytes ${distance} back does not fit`, from);
    if (distance >= match) out.copyWithin(to, to - distance, to - distance + match);
    else for (let i = 0; i < match; i++) out[to + i] = out[to + i - distance]!;
    to += match;
  }
  if (to !== size) throw malformed(`block gives ${to} bytes, not ${size}`, from);
  return out;
}

function malformed(reason: string, offset: number): DamageError {
  return new DamageError('malformed', `LZ4 ${reason}`, { offset });
}
