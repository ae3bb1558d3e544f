import { type Gap, hex } from '@icecore/bytes';
import type { CoreEntry } from './core-machine.ts';
import { putLongs, putWords, structure } from './structure.ts';

export type FloatingPoint = NonNullable<CoreEntry['thread_info']>['fpregs'];
type Xsave = NonNullable<FloatingPoint['xsave']>;

/** Bytes of the FXSAVE area and where the XSAVE header ends (Intel SDM volume 1, 13.4). */
const legacyBytes = 512;
const headerEnd = 576;
/** Where Linux notes XCR0 in the bytes that FXSAVE leaves to software (struct fpx_sw_bytes). */
const xcr0Offset = 464;

/**
 * The FXSAVE area, which NT_FPREGSET holds and the XSAVE area begins with (Intel SDM volume 1, 10.5.1).
 * Undefined where the dump has not the number of registers that it takes.
 */
export function legacyArea(state: FloatingPoint): Uint8Array | undefined {
  const { cwd, swd, twd, fop, rip, rdp, mxcsr, mxcsr_mask, st_space, xmm_space } = state;
  if (st_space.length !== 32 || xmm_space.length !== 64) return undefined;
  return structure(legacyBytes, (view) => {
    [cwd, swd, twd, fop].forEach((word, i) => view.setUint16(2 * i, word, true));
    putLongs(view, 8, [rip, rdp]);
    putWords(view, 24, [mxcsr, mxcsr_mask, ...st_space, ...xmm_space]);
  });
}

/** A part of the XSAVE area in the standard form, at the place that Intel's processors and debuggers give it. */
interface Component {
  readonly name: string;
  /** Number of its bit in XCR0 and XSTATE_BV. */
  readonly bit: number;
  readonly offset: number;
  readonly bytes: number;
  /** Numbers of words that dumps have of it. */
  readonly counts: readonly number[];
  words(xsave: Xsave): readonly (number | bigint)[];
}

const components: readonly Component[] = [
  { name: 'YMM high halves', bit: 2, offset: 576, bytes: 256, counts: [64], words: ({ ymmh_space }) => ymmh_space },
  { name: 'MPX bounds', bit: 3, offset: 960, bytes: 64, counts: [8], words: ({ bndreg_state }) => bndreg_state },
  { name: 'MPX configuration', bit: 4, offset: 1024, bytes: 64, counts: [2], words: ({ bndcsr_state }) => bndcsr_state },
  { name: 'AVX-512 masks', bit: 5, offset: 1088, bytes: 64, counts: [8], words: ({ opmask_reg }) => opmask_reg },
  { name: 'ZMM high halves', bit: 6, offset: 1152, bytes: 512, counts: [64], words: ({ zmm_upper }) => zmm_upper },
  { name: 'ZMM16 to ZMM31', bit: 7, offset: 1664, bytes: 1024, counts: [128], words: ({ hi16_zmm }) => hi16_zmm },
  { name: 'protection keys', bit: 9, offset: 2688, bytes: 8, counts: [1, 2], words: ({ pkru }) => pkru },
];

const avx512Bit = 7;
const keysBit = 9;
/** XCR0 bits of x87 and SSE, and of the shadow stack's user and supervisor state. */
const legacyMask = 0b11n;
const shadowStackMask = 0b11n << 11n;

export interface XsaveArea {
  readonly area: Uint8Array;
  /** What of the thread's extended state the area does not hold. */
  readonly problems: readonly Pick<Gap, 'code' | 'reason'>[];
}

/** The XSAVE area as NT_X86_XSTATE holds it: standard form, as long as the components take that the dump has. */
export function xsaveArea(legacy: Uint8Array, xsave: Xsave): XsaveArea {
  const problems: Pick<Gap, 'code' | 'reason'>[] = [];
  const held: Component[] = [];
  let told = legacyMask;
  for (const component of components) {
    const { name, bit, counts } = component;
    const count = component.words(xsave).length;
    if (count === 0) continue;
    told |= 1n << BigInt(bit);
    // Without AVX-512 the place of the keys depends on the maker of the processor, which no image names.
    if (bit === keysBit && held.at(-1)?.bit !== avx512Bit) problems.push({ code: 'unsupported', reason: `${name} have no agreed place in the note without AVX-512` });
    else if (!counts.includes(count)) problems.push({ code: 'malformed', reason: `${name} have ${count} words, not ${counts.join(' or ')}` });
    else held.push(component);
  }
  if (xsave.cet !== undefined) {
    told |= shadowStackMask;
    problems.push({ code: 'unsupported', reason: 'the registers of the shadow stack have no place in the note' });
  }
  const untold = xsave.xstate_bv & ~told;
  if (untold !== 0n) problems.push({ code: 'not_captured', reason: `extended state ${hex(untold)} was in use and is not in the dump` });
  return { area: encodeArea(legacy, xsave, held), problems };
}

function encodeArea(legacy: Uint8Array, xsave: Xsave, held: readonly Component[]): Uint8Array {
  const enabled = held.reduce((mask, { bit }) => mask | (1n << BigInt(bit)), legacyMask);
  const size = held.reduce((end, { offset, bytes }) => Math.max(end, offset + bytes), headerEnd);
  return structure(size, (view, bytes) => {
    bytes.set(legacy);
    view.setBigUint64(xcr0Offset, enabled, true);
    view.setBigUint64(legacyBytes, xsave.xstate_bv & enabled, true);
    for (const { offset, words } of held) {
      words(xsave).forEach((word, i) => {
        if (typeof word === 'bigint') view.setBigUint64(offset + 8 * i, word, true);
        else view.setUint32(offset + 4 * i, word, true);
      });
    }
  });
}
