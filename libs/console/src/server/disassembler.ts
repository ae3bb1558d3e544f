import { createRequire } from 'node:module';
import { z } from 'zod';

/** An instruction; `text` is the processor's own words, or `.byte` for what is none. */
export interface Instruction {
  readonly at: bigint;
  readonly bytes: Uint8Array;
  readonly text: string;
}

export interface Disassembler {
  /** All bytes as instructions, in order. */
  read(bytes: Uint8Array, at: bigint): readonly Instruction[];
}

/** What Capstone gives of each instruction, of which something is used here. */
const decoded = z.array(z.object({ size: z.number().int().positive(), mnemonic: z.string(), op_str: z.string() }));

interface Capstone {
  readonly Capstone: new (architecture: number, mode: number) => { disasm(bytes: Uint8Array, address: bigint): unknown };
  readonly ARCH_X86: number;
  readonly ARCH_ARM64: number;
  readonly MODE_64: number;
  readonly MODE_LITTLE_ENDIAN: number;
}

/** Machines in the words of CRIU, and the bytes of the shortest step past what is no instruction. */
const machines: ReadonlyMap<string, { readonly step: number; of(capstone: Capstone): readonly [architecture: number, mode: number] }> = new Map([
  ['X86_64', { step: 1, of: ({ ARCH_X86, MODE_64 }) => [ARCH_X86, MODE_64] }],
  ['AARCH64', { step: 4, of: ({ ARCH_ARM64, MODE_LITTLE_ENDIAN }) => [ARCH_ARM64, MODE_LITTLE_ENDIAN] }],
]);

let library: Promise<Capstone> | undefined;

/** Reads code of a machine; undefined for one that it does not know. Capstone runs in WebAssembly, which keeps hostile bytes in a memory of their own. */
export async function disassemblerOf(machine: string): Promise<Disassembler | undefined> {
  const kind = machines.get(machine);
  if (kind === undefined) return undefined;
  library ??= loadCapstone();
  const capstone = await library;
  const [architecture, mode] = kind.of(capstone);
  const reader = new capstone.Capstone(architecture, mode);
  return {
    read(bytes, at) {
      const found: Instruction[] = [];
      for (let from = 0; from < bytes.length; ) {
        for (const { size, mnemonic, op_str: operands } of decoded.parse(decodedAt(reader, bytes.subarray(from), at + BigInt(from)))) {
          found.push({ at: at + BigInt(from), bytes: bytes.subarray(from, from + size), text: operands === '' ? mnemonic : `${mnemonic} ${operands}` });
          from += size;
        }
        if (from >= bytes.length) break;
        const none = bytes.subarray(from, from + kind.step);
        found.push({ at: at + BigInt(from), bytes: none, text: `.byte ${[...none].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ')}` });
        from += none.length;
      }
      return found;
    },
  };
}

/** It throws where not one instruction is to be had. */
function decodedAt(reader: { disasm(bytes: Uint8Array, address: bigint): unknown }, bytes: Uint8Array, at: bigint): unknown {
  try {
    return reader.disasm(bytes, at);
  } catch {
    return [];
  }
}

async function loadCapstone(): Promise<Capstone> {
  const load: () => Promise<Capstone> = createRequire(typeof __filename === 'string' ? __filename : import.meta.url)('@alexaltea/capstone-js');
  return load();
}
