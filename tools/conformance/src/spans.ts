import type { Span } from '@icecore/memory';

/** Captured bytes that lie next to each other in the address space of a process. */
interface Stretch {
  readonly address: bigint;
  readonly bytes: Buffer;
}

/** What the spans of a plan hold of one process, spans that touch each other joined. */
export async function stretchesOf(spans: readonly Span[], pid: number): Promise<Stretch[]> {
  const own = spans.flatMap((span) => span.owners.filter((owner) => owner.pid === pid).map(({ address }) => ({ span, address })));
  own.sort((a, b) => (a.address < b.address ? -1 : 1));
  const groups: { address: bigint; end: bigint; parts: Buffer[] }[] = [];
  for (const { span, address } of own) {
    const bytes = Buffer.alloc(span.length);
    await span.read(bytes, 0);
    const last = groups.at(-1);
    if (last !== undefined && last.end === address) {
      last.parts.push(bytes);
      last.end += BigInt(span.length);
    } else groups.push({ address, end: address + BigInt(span.length), parts: [bytes] });
  }
  return groups.map(({ address, parts }) => ({ address, bytes: Buffer.concat(parts) }));
}

/** Every address at which the text lies, in ascending order. */
export function addressesOf(text: string, stretches: readonly Stretch[]): bigint[] {
  const needle = Buffer.from(text);
  return stretches.flatMap(({ address, bytes }) => {
    const found: bigint[] = [];
    for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + 1)) found.push(address + BigInt(at));
    return found;
  });
}

/** Order of addresses for `sort`. */
export function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
