import { createGunzip } from 'node:zlib';
import { type ByteSource, DamageError } from '@icecore/bytes';
import { decodeCarefully } from './careful.ts';
import { engineOptions, pump } from './engine.ts';
import { type Pieces, piecesOf } from './pieces.ts';

/** The expanded bytes of all members of a gzip file (RFC 1952); zeros after the last one are padding. */
export async function* gunzip(source: ByteSource): AsyncGenerator<Uint8Array> {
  let consumed = source.size;
  const decode = (pieces: Pieces): AsyncGenerator<Uint8Array> =>
    pump('gzip', createGunzip(engineOptions(source.size)), pieces, (bytes) => (consumed = bytes));
  yield* decodeCarefully(decode, source, piecesOf(source, 0, source.size), 0);
  for await (const { offset, bytes } of piecesOf(source, consumed, source.size)) {
    const at = bytes.findIndex((byte) => byte !== 0);
    if (at !== -1) throw new DamageError('malformed', 'bytes follow the end of the gzip data', { offset: offset + at });
  }
}
