import { DamageError, decodeText } from '@icecore/bytes';

/** One `LENGTH KEY=VALUE\n` record of a pax header. */
export interface PaxRecord {
  readonly key: string;
  /** A view; copy what outlives the header. */
  readonly value: Uint8Array;
}

const space = 0x20;
const equals = 0x3d;
const newline = 0x0a;
const longestLength = 16;

/** The records of one pax header in order (IEEE 1003.1 pax, "pax Extended Header"). Throws at the first broken one, with its offset. */
export function* paxRecords(bytes: Uint8Array): Generator<PaxRecord> {
  for (let start = 0; start < bytes.length; ) {
    if (bytes[start] === 0) return;
    const { length, digits } = recordLength(bytes, start);
    const end = start + length;
    const record = bytes.subarray(start + digits + 1, end - 1);
    const cut = record.indexOf(equals);
    if (length < digits + 3 || end > bytes.length || bytes[end - 1] !== newline || cut < 1) throw broken(start);
    yield { key: decodeText(record.subarray(0, cut)), value: record.subarray(cut + 1) };
    start = end;
  }
}

function recordLength(bytes: Uint8Array, start: number): { length: number; digits: number } {
  let length = 0;
  for (let digits = 0; digits < longestLength; digits++) {
    const byte = bytes[start + digits];
    if (byte === space && digits > 0) return { length, digits };
    if (byte === undefined || byte < 0x30 || byte > 0x39) break;
    length = length * 10 + (byte - 0x30);
  }
  throw broken(start);
}

function broken(offset: number): DamageError {
  return new DamageError('malformed', `the pax record at ${offset} of its header is broken`);
}
