import { DamageError } from '@icecore/bytes';
import fc from 'fast-check';
import { decodeMessage, encodeMessage, maxMessageDepth } from './codec.ts';
import { enumeration, message, optional, packed, repeated, required } from './message.ts';

const colour = enumeration('colour', { RED: 1, GREEN: 2 });
const inner = message('inner', { id: required(1, 'uint32') });
const all = message('all', {
  u32: optional(1, 'uint32'),
  i32: optional(2, 'int32'),
  s32: optional(3, 'sint32'),
  f32: optional(4, 'fixed32'),
  u64: optional(5, 'uint64'),
  i64: optional(6, 'int64'),
  s64: optional(7, 'sint64'),
  f64: optional(8, 'fixed64'),
  flag: optional(9, 'bool'),
  text: optional(10, 'string'),
  data: optional(11, 'bytes'),
  colour: optional(12, colour),
  inner: optional(13, inner),
  list: repeated(14, 'uint32'),
  packed: packed(15, 'sint64'),
  inners: repeated(16, inner),
});
const tree = message('tree', { children: repeated(1, 'self') });

const damageOf = (step: () => unknown): Pick<DamageError, 'code' | 'place' | 'reason'> => {
  try {
    step();
  } catch (error) {
    if (error instanceof DamageError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
};
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('a message', () => {
  it('of any values comes back as it was', () => {
    const signed = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({ min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n });
    const unsigned = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    const value = fc.record(
      {
        u32: fc.nat(0xffffffff),
        i32: fc.integer(),
        s32: fc.integer(),
        f32: fc.nat(0xffffffff),
        u64: unsigned,
        i64: signed(64),
        s64: signed(64),
        f64: unsigned,
        flag: fc.boolean(),
        text: fc.string({ unit: 'grapheme' }),
        data: fc.uint8Array(),
        colour: fc.constantFrom('RED', 'GREEN', 77),
        inner: fc.record({ id: fc.nat() }),
      },
      { requiredKeys: [] },
    );
    const lists = fc.record({ list: fc.array(fc.nat(0xffffffff)), packed: fc.array(signed(64)), inners: fc.array(fc.record({ id: fc.nat() })) });
    fc.assert(
      fc.property(value, lists, (single, many) => {
        const given = { ...single, ...many };
        expect(decodeMessage(all, encodeMessage(all, given))).toEqual(given);
      }),
    );
  });

  it.each([
    ['u32', 0xffffffff, [0x08, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['i32', -1, [0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['i32', -(2 ** 31), [0x10, 0x80, 0x80, 0x80, 0x80, 0xf8, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['s32', -(2 ** 31), [0x18, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['s32', -1, [0x18, 0x01]],
    ['f32', 0xdeadbeef, [0x25, 0xef, 0xbe, 0xad, 0xde]],
    ['u64', (1n << 64n) - 1n, [0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['i64', -(1n << 63n), [0x30, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['s64', -(1n << 63n), [0x38, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['f64', 1n, [0x41, 1, 0, 0, 0, 0, 0, 0, 0]],
    ['flag', true, [0x48, 1]],
    ['colour', 'GREEN', [0x60, 2]],
    ['colour', 9, [0x60, 9]],
  ])('has %s %s in the bytes that protocol buffers give it', (name, value, encoded) => {
    expect([...encodeMessage(all, { [name]: value })]).toEqual(encoded);
    expect(decodeMessage(all, Uint8Array.from(encoded))).toMatchObject({ [name]: value });
  });

  it('keeps fields that the schema does not know, in their place', () => {
    const encoded = bytes(0x08, 5, 0xc2, 0x3e, 1, 9, 0xc8, 0x3e, 7);
    const value = decodeMessage(all, encoded);
    expect(value.$unknown?.map(({ number }) => number)).toEqual([1000, 1001]);
    expect([...encodeMessage(all, value)]).toEqual([...encoded]);
    const between = bytes(0x08, 1, 0x10, 2, 0x18, 3);
    const few = message('few', { first: optional(1, 'uint32'), third: optional(3, 'uint32') });
    expect([...encodeMessage(few, decodeMessage(few, between))]).toEqual([...between]);
  });

  it('takes lists of numbers packed or not, and both in one', () => {
    expect(decodeMessage(all, bytes(0x70, 1, 0x72, 2, 2, 3, 0x70, 4)).list).toEqual([1, 2, 3, 4]);
    expect(decodeMessage(all, bytes(0x78, 1, 0x7a, 1, 2)).packed).toEqual([-1n, 1n]);
    expect([...encodeMessage(all, { list: [1, 2], packed: [-1n, 1n], inners: [] })]).toEqual([0x70, 1, 0x70, 2, 0x7a, 2, 1, 2]);
  });

  it.each([
    ['lacks a field', inner, bytes(), 'malformed', 100, /lacks its field id/],
    ['lacks a field further in', all, bytes(0x08, 1, 0x6a, 0), 'malformed', 104, /inner lacks its field id/],
    ['is cut in a number', all, bytes(0x08, 0x80), 'truncated', 102, /varint/],
    ['is cut in a length', all, bytes(0x52, 5, 1), 'truncated', 101, /5 bytes runs past/],
    ['is cut in a fixed number', all, bytes(0x41, 1, 2), 'truncated', 101, /fixed/],
    ['has a number of 11 bytes', all, bytes(0x08, ...new Array<number>(10).fill(0x80), 0), 'malformed', 111, /varint/],
    ['has a number of 65 bits', all, bytes(0x28, ...new Array<number>(9).fill(0xff), 2), 'malformed', 110, /varint/],
    ['has a field 0', all, bytes(0x00, 0), 'malformed', 100, /field number/],
    ['has a wire type of groups', all, bytes(0x0b), 'malformed', 101, /wire type 3/],
  ])('that %s is refused at the byte', (_, schema, encoded, code, offset, reason) => {
    const damage = damageOf(() => decodeMessage(schema, encoded, 100));
    expect(damage).toMatchObject({ code, place: { offset } });
    expect(damage.reason).toMatch(reason);
  });

  it('nests as deep as the limit and no deeper', () => {
    let encoded = bytes();
    const lengthOf = (length: number): number[] => (length < 128 ? [length] : [(length & 127) | 128, length >> 7]);
    for (let i = 0; i < maxMessageDepth; i++) encoded = bytes(0x0a, ...lengthOf(encoded.length), ...encoded);
    expect(decodeMessage(tree, encoded).children).toHaveLength(1);
    const deeper = bytes(0x0a, ...lengthOf(encoded.length), ...encoded);
    expect(damageOf(() => decodeMessage(tree, deeper))).toMatchObject({ code: 'limit' });
  });

  it('of random bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (encoded) => {
        try {
          decodeMessage(all, encoded);
        } catch (error) {
          expect(error).toBeInstanceOf(DamageError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a number that does not fit', { u32: -1 }, RangeError],
    ['a number past 64 bits', { u64: 1n << 64n }, RangeError],
    ['text for a number', { u32: 'x' }, TypeError],
    ['a name that is none', { colour: 'BLUE' }, TypeError],
    ['one value for a list', { list: 1 }, TypeError],
  ])('is not made of %s', (_, value, error) => {
    expect(() => encodeMessage(all, value)).toThrow(error);
  });
});
