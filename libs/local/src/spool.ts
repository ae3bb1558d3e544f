import { closeSync, constants, ftruncateSync, openSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Spool, type SpoolFile } from '@icecore/archive';
import { DamageError, formatBytes } from '@icecore/bytes';
import { descriptorSource, type FileSource } from './file-source.ts';
import { systemCode } from './system-error.ts';

/** Where expanded evidence is kept while it is read. */
export interface FolderSpoolOptions {
  /** Folder of the temporary files; the system's by default. */
  readonly folder?: string;
  /**
   * Space that must stay free on the folder's file system, in bytes; 512 MiB by default. Writing that would go
   * below is refused with a `DamageError` (`limit`).
   */
  readonly minFreeBytes?: number;
}

/** Blocks of this size, aligned to it, are left out where they are all zero. */
const blockBytes = 64 * 1024;
/** How much is written before free space is asked for again. */
const checkEveryBytes = 16 * 2 ** 20;

const zeros = Buffer.alloc(blockBytes);

/**
 * A spool of temporary files that have no name: each is unlinked as soon as it is open, so the system takes it back
 * when the process ends, in whatever way it ends. Only their owner can read them.
 */
export function folderSpool(options: FolderSpoolOptions = {}): Spool {
  const { folder, minFreeBytes = 512 * 2 ** 20 } = options;
  // Most archives need no spool, so what names one is loaded with the first.
  return { create: async () => spoolFile(folder ?? (await import('node:os')).tmpdir(), minFreeBytes) };
}

function spoolFile(folder: string, minFreeBytes: number): SpoolFile {
  const path = join(folder, `icecore-${globalThis.crypto.randomUUID()}`);
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(path);
  let size = 0;
  let allowance = 0;
  let state: 'writing' | 'finished' | 'discarded' = 'writing';
  let source: FileSource | undefined;

  const reserve = (bytes: number): void => {
    if (bytes <= allowance) return;
    const wanted = Math.max(bytes, checkEveryBytes);
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize - minFreeBytes;
    if (free < bytes) {
      throw new DamageError('limit', `no room in ${folder}: ${formatBytes(bytes)} more would leave less than ${formatBytes(minFreeBytes)} free`);
    }
    allowance = Math.min(wanted, free);
  };
  const writeRun = (bytes: Uint8Array, position: number): void => {
    reserve(bytes.length);
    writeFully(descriptor, bytes, position);
    allowance -= bytes.length;
  };

  return {
    async write(chunk) {
      if (state !== 'writing') throw new Error(`spool file is ${state}`);
      for (const run of filledRuns(chunk, size)) writeRun(chunk.subarray(run.start, run.end), size + run.start);
      size += chunk.length;
    },
    async finish() {
      if (state !== 'writing') throw new Error(`spool file is ${state}`);
      ftruncateSync(descriptor, size);
      state = 'finished';
      source = descriptorSource(descriptor, 'expanded bytes');
      return source;
    },
    async discard() {
      if (state === 'discarded') return;
      state = 'discarded';
      if (source === undefined) closeSync(descriptor);
      else await source.close();
    },
  };
}

/** The parts of a chunk that must be written: what lies between blocks that are all zero, which the file has as holes. */
export function* filledRuns(chunk: Uint8Array, position: number): Generator<{ readonly start: number; readonly end: number }> {
  let runStart = 0;
  for (let start = 0; start < chunk.length; ) {
    const end = Math.min(chunk.length, start + blockBytes - ((position + start) % blockBytes));
    if (zeros.subarray(0, end - start).equals(chunk.subarray(start, end))) {
      if (runStart < start) yield { start: runStart, end: start };
      runStart = end;
    }
    start = end;
  }
  if (runStart < chunk.length) yield { start: runStart, end: chunk.length };
}

function writeFully(descriptor: number, bytes: Uint8Array, position: number): void {
  try {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
    }
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') throw error;
    throw new DamageError('limit', 'no room for the expanded bytes', {}, { cause: error });
  }
}
