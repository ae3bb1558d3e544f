import { open } from 'node:fs/promises';
import { hex } from '@icecore/bytes';
import type { AddressSpace, MemoryPart } from '@icecore/memory';
import { command, UsageError } from '../command.ts';
import { evidenceOptions, openEvidence, processOf, reportDamage } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { mappingLines, processTitle, storedBytes } from '../render/details.ts';
import { hexLines } from '../render/hexdump.ts';
import { toJson } from '../render/snapshot-json.ts';
import type { Terminal } from '../terminal.ts';

/** Bytes that are read at once while dumping. */
const pieceBytes = 1 << 20;

/** `icecore memory`: the memory of one process. */
export const memory = command({
  name: 'memory',
  summary: 'Show the memory map of a process, print memory in hex, or write a region to a file.',
  arguments: 'ARCHIVE PID',
  count: [2, 2],
  options: {
    at: { type: 'string', value: 'ADDRESS', summary: 'where to begin, in hex; the start of a mapping shows all of it' },
    length: { type: 'string', value: 'BYTES', summary: 'how much (default: to the end of the mapping, at most 4 KiB on the screen)' },
    output: { type: 'string', short: 'o', value: 'FILE', summary: 'write the bytes to a file that does not exist yet' },
    json: { type: 'boolean', summary: 'the map as JSON' },
    ...evidenceOptions,
  },
  examples: [
    ['icecore memory samples/podman-attack.tar.zst 21', 'the map of process 21'],
    ['icecore memory samples/podman-attack.tar.zst 21 --at 400000 --length 64', 'its first bytes: an ELF header'],
  ],
  async run({ arguments: [path = '', pid = ''], options, terminal }) {
    await using evidence = await openEvidence(path, options.parent, terminal);
    const process = processOf(evidence.snapshot, pid);
    const space = process.memory;
    if (space === undefined) throw new UsageError(`process ${pid} has no memory of its own: it is ${process.state ?? 'not readable'}`);
    if (options.at !== undefined) {
      const { start, length } = rangeOf(space, options.at, options.length, options.output !== undefined);
      if (options.output === undefined) await print(space, start, length, terminal);
      else await write(space, start, length, options.output, terminal);
      return exitCodes.done;
    }
    if (options.json === true) {
      await terminal.json(toJson(process.mappings.map((mapping) => ({ ...mapping, storedBytes: storedBytes(space, mapping.start, mapping.end) }))));
    } else {
      await terminal.line(processTitle(process));
      await terminal.line(mappingLines(process, terminal).join('\n'));
    }
    return reportDamage(space.gaps, terminal);
  },
});

function rangeOf(space: AddressSpace, at: string, length: string | undefined, toFile: boolean): { start: bigint; length: bigint } {
  if (!/^(0x)?[0-9a-fA-F]{1,16}$/.test(at)) throw new UsageError(`${at} is not an address`);
  const start = BigInt(at.startsWith('0x') ? at : `0x${at}`);
  if (length !== undefined) {
    if (!/^(0x[0-9a-fA-F]+|\d+)$/.test(length)) throw new UsageError(`${length} is not a number of bytes`);
    return { start, length: BigInt(length) };
  }
  const area = space.areas.find((each) => each.start <= start && start < each.end);
  if (area === undefined) throw new UsageError(`nothing is mapped at ${hex(start)}`);
  const rest = area.end - start;
  return { start, length: toFile || rest < 4096n ? rest : 4096n };
}

async function print(space: AddressSpace, start: bigint, length: bigint, terminal: Terminal): Promise<void> {
  for (let done = 0n; done < length; done += BigInt(pieceBytes)) {
    const size = Number(length - done < BigInt(pieceBytes) ? length - done : BigInt(pieceBytes));
    const { bytes, parts } = await space.read(start + done, size);
    const around = await surroundings(space, start + done, size);
    for (const part of parts) {
      const from = Number(part.start - start - done);
      const to = Number(part.end - start - done);
      if (part.state === 'stored') {
        const before = Buffer.concat([around.before, bytes.subarray(0, from)]);
        const after = Buffer.concat([bytes.subarray(to), around.after]);
        await terminal.line(hexLines(bytes.subarray(from, to), part.start, { before: before.subarray(-aroundBytes), after: after.subarray(0, aroundBytes) }).join('\n'));
      }
      else await terminal.line(`${hex(part.start)}  ${to - from} bytes ${meaning[part.state]}`);
    }
  }
}

/** Bytes around what is shown that are looked at for secrets which cross its borders. */
const aroundBytes = 8192;

async function surroundings(space: AddressSpace, start: bigint, length: number): Promise<{ before: Uint8Array; after: Uint8Array }> {
  const from = start > BigInt(aroundBytes) ? start - BigInt(aroundBytes) : 0n;
  const before = await space.read(from, Number(start - from));
  const after = await space.read(start + BigInt(length), aroundBytes);
  return { before: before.bytes, after: after.bytes };
}

const meaning: Readonly<Record<MemoryPart['state'], string>> = {
  stored: 'in the archive',
  zero: 'of zeros: never written to',
  in_file: 'as in the mapped file, not in the archive',
  unmapped: 'not mapped',
  unavailable: 'not available',
};

async function write(space: AddressSpace, start: bigint, length: bigint, path: string, terminal: Terminal): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  const absent = new Map<MemoryPart['state'], bigint>();
  try {
    for (let done = 0n; done < length; done += BigInt(pieceBytes)) {
      const size = Number(length - done < BigInt(pieceBytes) ? length - done : BigInt(pieceBytes));
      const { bytes, parts } = await space.read(start + done, size);
      await file.write(bytes);
      for (const { state, start: from, end } of parts) {
        if (state !== 'stored' && state !== 'zero') absent.set(state, (absent.get(state) ?? 0n) + end - from);
      }
    }
  } finally {
    await file.close();
  }
  for (const [state, bytes] of absent) terminal.note(`${path}: ${bytes} bytes are zeros in the file but ${meaning[state]}`);
}
