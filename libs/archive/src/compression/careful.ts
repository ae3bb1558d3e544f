import { type ByteSource, DamageError, isDamageError } from '@icecore/bytes';
import { crumbled, type Piece, type Pieces } from './pieces.ts';

/** Turns pieces into expanded bytes. Throws a `DamageError` at the piece it last took. */
export type Decoder = (pieces: Pieces) => AsyncGenerator<Uint8Array>;

/** How finely the piece that holds the damage is cut, one run after the other. */
const crumbs = [1024, 1];

/**
 * Runs a decoder so that damage costs no byte that lies before it. Engines give nothing of the call in which they
 * fail, so after a failure the part is decoded anew with the failing piece in crumbs: what the engine now says
 * before it fails is new. Damage doubles and trebles the work; sound files are read once.
 * `start` is where the pieces begin in the source. The error names the byte at which the engine stops.
 */
export async function* decodeCarefully(decode: Decoder, source: ByteSource, pieces: Pieces, start: number): AsyncGenerator<Uint8Array> {
  let emitted = 0;
  let last: Piece = { offset: start, bytes: new Uint8Array(0) };
  const watched = async function* (inner: Pieces): AsyncGenerator<Piece> {
    for await (const piece of inner) yield (last = piece);
  };
  let failure: DamageError;
  try {
    for await (const chunk of decode(watched(pieces))) {
      emitted += chunk.length;
      yield chunk;
    }
    return;
  } catch (error) {
    failure = damageOf(error);
  }
  for (const crumb of failure.code === 'malformed' ? crumbs : []) {
    if (last.bytes.length <= crumb) continue;
    let seen = 0;
    try {
      for await (const chunk of decode(watched(crumbled(source, start, last.offset, last.offset + last.bytes.length, crumb)))) {
        seen += chunk.length;
        if (seen <= emitted) continue;
        yield chunk.subarray(Math.max(0, chunk.length - (seen - emitted)));
        emitted = seen;
      }
    } catch (error) {
      failure = damageOf(error);
    }
  }
  throw placed(failure, failure.code === 'truncated' ? source.size : last.offset);
}

function damageOf(error: unknown): DamageError {
  if (!isDamageError(error)) throw error;
  return error;
}

function placed(error: DamageError, offset: number): DamageError {
  return new DamageError(error.code, error.reason, { offset, ...error.place }, { cause: error });
}
