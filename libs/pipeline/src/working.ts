import { deserialize, serialize } from 'node:v8';
import { type Gap, readAll } from '@icecore/bytes';
import type { Detection } from '@icecore/findings';
import type { ScanHit } from '@icecore/scan';
import type { ItemStore } from '@icecore/states';
import { z } from 'zod';
import { badInput } from './errors.ts';
import type { BlockRange } from './input.ts';
import type { PipelinePorts, ScannedRange } from './ports.ts';
import type { WrittenPart } from './write-parts.ts';

/** What steps keep for each other. */
export interface Kept {
  readonly scanned: ScannedRange & BlockRange;
  readonly decoded: { readonly parts: readonly WrittenPart[]; readonly gaps: readonly Gap[]; readonly snapshotGaps: readonly Gap[] };
  readonly detected: { readonly detection: Detection; readonly histories: readonly ScanHit[]; readonly gaps: readonly Gap[]; readonly snapshotGaps: readonly Gap[]; readonly scannedBytes: number };
  readonly tabled: { readonly parts: readonly WrittenPart[]; readonly gaps: readonly Gap[] };
}

type Working = PipelinePorts['working'];

/** Largest object that is taken up again. */
const maxKeptBytes = 512 * 2 ** 20;

/** Keys of what an execution keeps, in the working store. */
export const keptKeys = {
  ranges: (name: string) => `${name}/ranges.json`,
  scans: (name: string) => `${name}/scanned/`,
  scan: (name: string, { first, end }: BlockRange) => `${name}/scanned/${padded(first)}-${padded(end)}`,
  decoded: (name: string) => `${name}/decoded`,
  detected: (name: string) => `${name}/detected`,
  tabled: (name: string) => `${name}/tabled`,
} as const;

function padded(block: number): string {
  return String(block).padStart(10, '0');
}

/** The bytes in which a value is kept: a structured clone, as threads hand values to each other, so that nothing in it is lost. */
export function packed(value: Kept[keyof Kept]): Uint8Array {
  return serialize(value);
}

/** Keeps a value. Doing it again, also by another at the same time, changes nothing: equal steps keep equal values. */
export async function keep<K extends keyof Kept>(working: Working, key: string, _kind: K, value: Kept[K]): Promise<string> {
  await working.store.writePart(key, packed(value));
  return key;
}

export async function recall<K extends keyof Kept>(working: Working, key: string, _kind: K): Promise<Kept[K]> {
  const source = await working.store.open(key);
  if (source.size > maxKeptBytes) throw badInput(`${key} is larger than ${maxKeptBytes} bytes`);
  return deserialize(await readAll(source));
}

const rangeList = z.json().array();

/** Gives the items of the Map out of the working store, for the interpreter: what AWS does by itself from S3. */
export function workingItems({ store, bucket, prefix }: Working): ItemStore {
  return {
    async *readItems(resource, { Bucket, Key }) {
      const key = typeof Key === 'string' && Key.startsWith(prefix) ? Key.slice(prefix.length) : undefined;
      if (resource !== 'arn:aws:states:::s3:getObject' || Bucket !== bucket || key === undefined) throw new TypeError(`${String(Bucket)}/${String(Key)} is not in the working store`);
      yield* rangeList.parse(JSON.parse(new TextDecoder().decode(await readAll(await store.open(key)))));
    },
    writeResults: () => Promise.reject(new TypeError('the analysis has no results of a Map to write')),
  };
}
