import { type ByteSource, DamageError, formatBytes, memorySource } from '@icecore/bytes';

/** Keeps decompressed bytes outside memory; what it keeps must not outlive the process. */
export interface Spool {
  create(): Promise<SpoolFile>;
}

/** One run of bytes that is written once, from start to end, and then read at any place. */
export interface SpoolFile {
  /** Appends. Must not keep a reference to the chunk after it resolves. */
  write(chunk: Uint8Array): Promise<void>;
  /** Ends writing; the bytes as a source. */
  finish(): Promise<ByteSource>;
  /** Gives the space back, before or after `finish`. A source that `finish` gave is not read again. */
  discard(): Promise<void>;
}

/** A spool in memory, for tests and small archives. Refuses more than `maxBytes` over all its files together. */
export function memorySpool(maxBytes = 256 * 2 ** 20): Spool {
  let kept = 0;
  return {
    create() {
      let chunks: Uint8Array[] = [];
      let size = 0;
      return Promise.resolve({
        write(chunk) {
          if (kept + chunk.length > maxBytes) {
            return Promise.reject(new DamageError('limit', `the expanded bytes do not fit in ${formatBytes(maxBytes)} of memory`));
          }
          chunks.push(Uint8Array.from(chunk));
          size += chunk.length;
          kept += chunk.length;
          return Promise.resolve();
        },
        finish() {
          const bytes = new Uint8Array(size);
          let at = 0;
          for (const chunk of chunks) {
            bytes.set(chunk, at);
            at += chunk.length;
          }
          chunks = [];
          return Promise.resolve(memorySource(bytes));
        },
        discard() {
          chunks = [];
          kept -= size;
          size = 0;
          return Promise.resolve();
        },
      } satisfies SpoolFile);
    },
  };
}
