import type { Pattern } from './pattern.ts';
import type { NibblePass, PairPass, PassMatch, ScanPass } from './scan-passes.ts';

/** What the module reads before it scans: the records that assembly/literal.as.ts describes, from address 0 on. */
export interface MemoryImage {
  readonly bytes: Uint8Array;
  /** Address of each pass's record, in the order of the passes. */
  readonly passAddresses: readonly number[];
}

export function memoryImage(patterns: readonly Pattern[], passes: readonly ScanPass[]): MemoryImage {
  const writer = imageWriter();
  const addresses = new Map(patterns.map((pattern) => [pattern, writer.add(patternRecord(pattern))]));
  const addMatches = (matches: readonly PassMatch[]): number =>
    writer.add(
      numbers(matches.length, ...matches.flatMap(({ pattern, back }) => [addresses.get(pattern)!, back, pattern.index])),
    );
  const passAddresses = passes.map((pass) =>
    writer.add(
      pass.kind === 'pair' ? pairRecord(pass, addMatches(pass.matches)) : nibbleRecord(pass, pass.buckets.map(addMatches)),
    ),
  );
  return { bytes: writer.bytes(), passAddresses };
}

function patternRecord({ bytes, folds }: Pattern): Uint8Array {
  const steps = Math.ceil(bytes.length / 16);
  const record = new Uint8Array(16 + 32 * steps).fill(0xff);
  record.set(numbers(bytes.length));
  for (let step = 0; step < steps; step++) {
    record.set(bytes.subarray(16 * step, 16 * step + 16), 16 + 32 * step);
    record.set(folds.subarray(16 * step, 16 * step + 16), 32 + 32 * step);
  }
  return record;
}

function pairRecord({ first, second, nearStep, farStep, matches }: PairPass, matchesAddress: number): Uint8Array {
  return Buffer.concat([
    ...[first.byte, first.fold, second.byte, second.fold].map((byte) => new Uint8Array(16).fill(byte)),
    numbers(nearStep, farStep, matchesAddress, matches.length),
  ]);
}

function nibbleRecord({ tables, buckets }: NibblePass, matchesAddresses: readonly number[]): Uint8Array {
  const scratch = new Uint8Array(64);
  return Buffer.concat([
    ...tables.flatMap(({ low, high }) => [low, high]),
    scratch,
    numbers(...matchesAddresses, buckets.flat().length),
  ]);
}

/** Little-endian u32 values. */
function numbers(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint32(4 * i, value, true));
  return bytes;
}

function imageWriter(): { add(record: Uint8Array): number; bytes(): Uint8Array } {
  const records: Uint8Array[] = [];
  let end = 0;
  return {
    add(record) {
      const address = end;
      const padding = new Uint8Array(-record.length & 15);
      records.push(record, padding);
      end += record.length + padding.length;
      return address;
    },
    bytes: () => Buffer.concat(records),
  };
}
