import { DamageError } from '@icecore/bytes';
import { type AddressSpace, firstAreaAt } from '@icecore/memory';
import type { Process } from '@icecore/snapshot';
import { capturedParts, type CapturedPart } from './captured-parts.ts';
import { pieceBytes } from './core-sink.ts';

/** Most segments of one core file; each takes 56 bytes of headers. */
export const maxSegmentCount = 1 << 20;
/** Largest core file that is written, in bytes. */
export const maxCoreBytes = 2 ** 40;
/** From this length on, zeros take no room in the file: reservations of memory may be larger than any disk. */
const longZeroBytes = 1n << 20n;

/** A run of known bytes of one mapping. */
export interface Segment {
  readonly start: bigint;
  readonly end: bigint;
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number;
  /** The file holds the bytes; where it does not they are all zeros, as ELF has it for memory beyond `p_filesz`. */
  readonly inFile: boolean;
}

/** How many bytes of the mappings a core file holds, and of which it says nothing. */
export interface MemoryCoverage {
  readonly inFile: bigint;
  /** Long runs of zeros, which a segment stands for without bytes in the file. */
  readonly zeros: bigint;
  /** Pages equal to those of the file that was mapped there, which the archive does not hold. */
  readonly inMappedFiles: bigint;
  /** Left out of the dump, or damaged. */
  readonly unavailable: bigint;
}

/**
 * The segments of a process in ascending order, and what they leave out: bytes that are not known are in no segment,
 * since debuggers show zeros for a segment without bytes. Reads no pages but compressed ones.
 */
export async function segmentsOf({ mappings }: Process, space: AddressSpace): Promise<{ segments: Segment[]; coverage: MemoryCoverage }> {
  const segments: Segment[] = [];
  const coverage = { inFile: 0n, zeros: 0n, inMappedFiles: 0n, unavailable: 0n };
  const refuseOver = (bytes: bigint): void => {
    if (bytes > maxCoreBytes) throw new DamageError('limit', `core file passes maxCoreBytes ${maxCoreBytes}`);
  };
  for (const mapping of mappings) {
    const area = space.areas[firstAreaAt(space.areas, mapping.start)];
    if (area === undefined || area.start !== mapping.start) continue;
    const runs = new Runs(maxSegmentCount - segments.length);
    let stored = coverage.inFile;
    for await (const { start, end, state } of soundParts(space, capturedParts(space, area))) {
      if (state === 'stored') refuseOver((stored += end - start));
      if (state === 'stored' || state === 'zero') runs.add(state, start, end);
      else coverage[state === 'in_file' ? 'inMappedFiles' : 'unavailable'] += end - start;
    }
    for (const { start, end, state } of runs.finish()) {
      segments.push({ start, end, flags: flagsOf(mapping.permissions), inFile: state === 'stored' });
      coverage[state === 'stored' ? 'inFile' : 'zeros'] += end - start;
    }
    refuseOver(coverage.inFile);
  }
  return { segments, coverage };
}

/** The parts with compressed ones read, to tell those that can be decompressed from those that cannot. */
async function* soundParts(space: AddressSpace, parts: Iterable<CapturedPart>): AsyncGenerator<CapturedPart> {
  for (const part of parts) {
    if (part.compressed !== true) yield part;
    else {
      for (let start = part.start; start < part.end; start += BigInt(pieceBytes)) {
        const left = part.end - start;
        yield* (await space.read(start, left < pieceBytes ? Number(left) : pieceBytes)).parts;
      }
    }
  }
}

interface Run {
  readonly start: bigint;
  end: bigint;
  state: 'stored' | 'zero';
}

/** Joins neighbours, and takes short runs of zeros for bytes like any others. */
class Runs {
  readonly #runs: Run[] = [];
  readonly #maxCount: number;

  constructor(maxCount: number) {
    this.#maxCount = maxCount;
  }

  add(state: Run['state'], start: bigint, end: bigint): void {
    if (this.#extend(state, start, end)) return;
    this.#settle();
    if (this.#extend(state, start, end)) return;
    if (this.#runs.length >= this.#maxCount) throw new DamageError('limit', `memory has more than maxSegmentCount ${maxSegmentCount} segments`);
    this.#runs.push({ state, start, end });
  }

  finish(): readonly Run[] {
    this.#settle();
    return this.#runs;
  }

  #extend(state: Run['state'], start: bigint, end: bigint): boolean {
    const last = this.#runs.at(-1);
    if (last === undefined || last.state !== state || last.end !== start) return false;
    last.end = end;
    return true;
  }

  #settle(): void {
    const last = this.#runs.at(-1);
    if (last === undefined || last.state !== 'zero' || last.end - last.start >= longZeroBytes) return;
    this.#runs.pop();
    if (!this.#extend('stored', last.start, last.end)) this.#runs.push({ ...last, state: 'stored' });
  }
}

function flagsOf(permissions: string): number {
  return (permissions.includes('r') ? 4 : 0) | (permissions.includes('w') ? 2 : 0) | (permissions.includes('x') ? 1 : 0);
}
