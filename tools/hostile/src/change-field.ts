import { type AnyMessage, encodeMessage } from '@icecore/criu';
import { word } from './forge-image.ts';
import type { ImageParts } from './originals.ts';
import type { Random } from './random.ts';

const numbers = [0, 1, 2, 3, 7, 127, 128, 255, 4095, 4096, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const longNumbers = [0n, 1n, 4095n, 4096n, 1n << 31n, (1n << 32n) - 1n, 1n << 47n, (1n << 53n) - 1n, 1n << 53n, 1n << 56n, 1n << 63n, (1n << 64n) - 4096n, (1n << 64n) - 1n];
const texts = ['', '/', '..', '../../../etc/passwd', '\0', 'a\0b', '\udc80', 'x'.repeat(5000), '/a'.repeat(400), '__proto__', '\u202egnp.exe', 'k8s_a_b_c_d_0'];

/** The image with one field of one entry, or the order of its entries, changed: a sound encoding of what cannot be. */
export function changeField({ head, entries }: ImageParts, random: Random): Uint8Array {
  const chosen = random.below(Math.max(1, entries.length));
  const parts: Uint8Array[] = [head];
  const order = entries.map((_, i) => i);
  if (random.oneIn(12)) order.splice(random.below(order.length + 1), 0, chosen);
  else if (random.oneIn(20)) order.reverse();
  for (const index of order) {
    const each = entries[index];
    if (each === undefined) continue;
    const raw = index === chosen ? changed(each.entry.schema, each.entry.message, random) : each.entry.raw;
    parts.push(word(raw.length), raw, each.payload);
  }
  return Buffer.concat(parts);

  function changed(schema: Parameters<typeof encodeMessage>[0], message: AnyMessage, source: Random): Uint8Array {
    for (let attempt = 0; attempt < 4; attempt++) {
      try {
        return encodeMessage(schema, changeMessage(message, source));
      } catch (error) {
        // A value that its field cannot hold: another one is tried.
        if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
      }
    }
    return new Uint8Array(0);
  }
}

function changeMessage(message: AnyMessage, random: Random): AnyMessage {
  const names = Object.keys(message).filter((name) => name !== '$unknown');
  if (names.length === 0) return message;
  const name = random.pick(names);
  return { ...message, [name]: changeValue(message[name], random) };
}

function changeValue(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return random.oneIn(3) ? value + random.below(5) - 2 : random.pick(numbers);
  if (typeof value === 'bigint') return random.oneIn(3) ? value + BigInt(random.below(5) - 2) * 4096n : random.pick(longNumbers);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return random.pick(texts);
  if (value instanceof Uint8Array) return random.oneIn(2) ? value.subarray(0, random.below(value.length + 1)) : Buffer.from(random.pick(texts));
  if (Array.isArray(value)) return changeList(value, random);
  return isMessage(value) ? changeMessage(value, random) : value;
}

function changeList(list: readonly unknown[], random: Random): readonly unknown[] {
  const kind = random.below(8);
  if (list.length === 0 || kind === 0) return [];
  if (kind === 1) return [...list].reverse();
  if (kind === 2) return [...list, ...list];
  const index = random.below(list.length);
  return list.map((each, i) => (i === index ? changeValue(each, random) : each));
}

function isMessage(value: unknown): value is AnyMessage {
  return typeof value === 'object' && value !== null;
}
