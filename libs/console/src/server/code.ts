import type { CodeAnswer, CodeLine } from '../contract/answers.ts';
import { disassemblerOf } from './disassembler.ts';
import { RequestError } from './errors.ts';
import { address, memoryAt } from './memory.ts';
import type { OpenedEvidence } from './shelf.ts';

/** The bytes at an address as instructions; those of secrets, and those that the archive does not hold, are told and left out. */
export async function codeAt(evidence: OpenedEvidence, pid: number, at: bigint, length: number): Promise<CodeAnswer> {
  const machine = evidence.snapshot.dump.machine?.name ?? '';
  const disassembler = await disassemblerOf(machine);
  if (disassembler === undefined) throw new RequestError('refused', `Code of ${machine === '' ? 'an unknown machine' : machine} is not read here; that of X86_64 and AARCH64 is.`);
  const { region, parts } = await memoryAt(evidence, pid, at, length);
  const lines = parts.flatMap((part): CodeLine[] => {
    const start = BigInt(`0x${part.start}`);
    if (part.hex === null) return [{ at: part.start, hex: null, text: `${BigInt(`0x${part.end}`) - start} bytes`, state: part.state }];
    const bytes = Uint8Array.from(Buffer.from(part.hex, 'hex'));
    const pieces: CodeLine[] = [];
    let from = 0;
    for (const [first, end] of [...part.hidden, [bytes.length, bytes.length] as const]) {
      for (const { at: place, bytes: own, text } of disassembler.read(bytes.subarray(from, first), start + BigInt(from))) pieces.push({ at: address(place), hex: Buffer.from(own).toString('hex'), text, state: 'stored' });
      if (end > first) pieces.push({ at: address(start + BigInt(first)), hex: null, text: `${end - first} bytes`, state: 'secret' });
      from = end;
    }
    return pieces;
  });
  return { pid, machine, region, lines, evidence: evidence.place.from };
}
