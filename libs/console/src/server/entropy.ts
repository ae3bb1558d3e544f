import { scanPlan, type Span } from '@icecore/memory';
import { entropyOfCounts } from '@icecore/secrets';
import type { EntropyAnswer } from '../contract/answers.ts';
import { processOf } from './memory.ts';
import type { OpenedEvidence } from './shelf.ts';

/** Bytes of a sample, and most samples of one stretch. */
const sampleBytes = 4096;
const maxSamples = 16;

/**
 * How random the memory of a process is, stretch by stretch of its picture: the mean entropy of samples that lie evenly in
 * what the archive holds of each. Packed and encrypted content is near 8 bits a byte, code near 6, text below 5.
 */
export async function entropyOf(evidence: OpenedEvidence, pid: number, segments: readonly { readonly start: string; readonly end: string }[], signal: AbortSignal): Promise<EntropyAnswer> {
  const { space } = processOf(evidence, pid);
  const spans = scanPlan([space]).flatMap((span) => span.owners.flatMap((owner) => (owner.pid === pid ? [{ span, start: owner.address, end: owner.address + BigInt(span.length) }] : []))).sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const bits: Record<string, number | null> = {};
  let readBytes = 0;
  let first = 0;
  for (const { start, end } of segments) {
    signal.throwIfAborted();
    const [from, to] = [BigInt(`0x${start}`), BigInt(`0x${end}`)];
    while ((spans[first]?.end ?? to) <= from) first += 1;
    const held: Held[] = [];
    for (let at = first; at < spans.length; at += 1) {
      const each = spans[at];
      if (each === undefined || each.start >= to) break;
      const [a, b] = [each.start > from ? each.start : from, each.end < to ? each.end : to];
      if (a < b) held.push({ span: each.span, from: Number(a - each.start), length: Number(b - a) });
    }
    const samples = await samplesOf(held);
    readBytes += samples.reduce((sum, { length }) => sum + length, 0);
    bits[start] = samples.length === 0 ? null : Math.round((samples.reduce((sum, sample) => sum + bitsPerByte(sample), 0) / samples.length) * 100) / 100;
  }
  return { pid, bits, readBytes, evidence: evidence.place.from };
}

/** A run of stored bytes in a span. */
interface Held {
  readonly span: Span;
  readonly from: number;
  readonly length: number;
}

async function samplesOf(held: readonly Held[]): Promise<readonly Uint8Array[]> {
  const total = held.reduce((sum, { length }) => sum + length, 0);
  const count = Math.min(maxSamples, Math.ceil(total / sampleBytes));
  const samples: Uint8Array[] = [];
  let run = 0;
  let before = 0;
  for (let i = 0; i < count; i += 1) {
    const at = Math.floor((i * total) / count);
    for (let each = held[run]; each !== undefined && at >= before + each.length; each = held[run]) {
      before += each.length;
      run += 1;
    }
    const { span, from, length } = held[run] ?? {};
    if (span === undefined || from === undefined || length === undefined) break;
    const sample = new Uint8Array(Math.min(sampleBytes, length - (at - before)));
    await span.read(sample, from + at - before);
    samples.push(sample);
  }
  return samples;
}

/** Entropy of bytes, in bits a byte. */
function bitsPerByte(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  return entropyOfCounts(counts);
}
