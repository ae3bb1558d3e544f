import { type ByteSource, DamageError } from '@icecore/bytes';
import { decodeCarefully } from './careful.ts';
import { type Pieces, piecesOf } from './pieces.ts';

/** The expanded bytes of all streams of an xz file; its decoder takes dictionaries up to 64 MiB. */
export async function* unxz(source: ByteSource): AsyncGenerator<Uint8Array> {
  yield* decodeCarefully(decode, source, piecesOf(source, 0, source.size), 0);
}

/**
 * All xz decoders share one WebAssembly memory and take turns: one that is not read to its end or cancelled keeps
 * every later one waiting, so this never leaves one open.
 */
async function* decode(pieces: Pieces): AsyncGenerator<Uint8Array> {
  // Loaded only where there is xz: it is a WebAssembly module, and most archives are something else.
  const { default: xz } = await import('xz-decompress');
  const iterator = pieces[Symbol.asyncIterator]();
  const input = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value.bytes);
      },
    },
    { highWaterMark: 0 },
  );
  const reader = new xz.XzReadableStream(input).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (value.length > 0) yield value;
    }
  } catch (error) {
    throw xzDamage(error);
  } finally {
    await reader.cancel().catch(() => undefined);
    await iterator.return?.();
  }
}

/** The decoder gives xz-embedded's `enum xz_ret` in its text, and nowhere else. */
function xzDamage(error: unknown): unknown {
  const code = error instanceof Error ? /error code (\d+)$/.exec(error.message)?.[1] : undefined;
  switch (code) {
    case undefined:
      return error;
    case '4':
      return new DamageError('limit', 'the xz data asks for a dictionary larger than 64 MiB', {}, { cause: error });
    case '2':
    case '6':
      return new DamageError('unsupported', 'the xz data uses a filter or a check that is not supported', {}, { cause: error });
    case '8':
      return new DamageError('truncated', 'the xz data ends inside a stream, or other bytes follow it', {}, { cause: error });
    default:
      return new DamageError('malformed', 'the xz data is damaged', {}, { cause: error });
  }
}
