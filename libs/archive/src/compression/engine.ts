import { type Transform } from 'node:stream';
import { DamageError } from '@icecore/bytes';
import { type Pieces } from './pieces.ts';

/** One of node:zlib's decompressors. */
export type Engine = Transform & { readonly bytesWritten: number };

const maxChunkBytes = 1 << 20;
const minChunkBytes = 64 << 10;
/** What the pages and logs of a container shrink to, about; a little too small a buffer only means one more of them. */
const usualRatio = 8;

/**
 * Output buffers of 1 MiB are several times faster than node's own 16 KiB; an archive has dozens of small files
 * within, for which they would be made to hold next to nothing.
 */
export function engineOptions(compressedBytes: number): { readonly chunkSize: number } {
  return { chunkSize: Math.min(maxChunkBytes, Math.max(minChunkBytes, compressedBytes * usualRatio)) };
}

/**
 * Feeds pieces to a zlib engine and gives what comes out, one piece at a time and never more than the caller
 * takes. All that the pieces before a failure gave is given before the failure is thrown.
 * `name` is the compression, for the error; `consumed` learns how many bytes the engine took when it ends well.
 */
export async function* pump(name: string, engine: Engine, pieces: Pieces, consumed?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let failure: unknown;
  let ended = false;
  let wake = (): void => undefined;
  engine.on('readable', () => wake());
  engine.on('end', () => {
    ended = true;
    wake();
  });
  engine.on('error', (error) => {
    failure = error;
    wake();
  });
  const drain = async function* (isDone: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk: unknown = engine.read();
      if (chunk instanceof Uint8Array) yield chunk;
      else if (failure !== undefined) throw engineDamage(name, failure);
      else if (ended || isDone()) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  try {
    for await (const { bytes } of pieces) {
      let taken = false;
      engine.write(bytes, (error) => {
        failure ??= engine.errored ?? error ?? undefined;
        taken = true;
        wake();
      });
      yield* drain(() => taken);
      if (ended) break;
    }
    if (!ended) engine.end();
    yield* drain(() => false);
    consumed?.(engine.bytesWritten);
  } finally {
    engine.destroy();
  }
}

/** The error of zlib as damage; errors that are not about the bytes are thrown on. */
function engineDamage(name: string, error: unknown): DamageError {
  if (!isCoded(error)) throw error;
  if (error.code === 'Z_BUF_ERROR') return new DamageError('truncated', `the ${name} data ends too early`, {}, { cause: error });
  if (error.code === 'ZSTD_error_frameParameter_windowTooLarge') {
    return new DamageError('limit', 'the zstd frame asks for a window larger than the limit', {}, { cause: error });
  }
  if (error.code === 'ZSTD_error_dictionary_wrong') {
    return new DamageError('unsupported', 'the zstd frame needs a dictionary', {}, { cause: error });
  }
  if (!/^(Z_DATA_ERROR|Z_NEED_DICT|Z_STREAM_ERROR|ZSTD_error_)/.test(error.code)) throw error;
  return new DamageError('malformed', `the ${name} data is damaged: ${error.message.toLowerCase()}`, {}, { cause: error });
}

function isCoded(error: unknown): error is { readonly code: string; readonly message: string } {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return false;
  return typeof error.code === 'string' && typeof error.message === 'string';
}
