import { bytesToHex } from '@icecore/bytes';
import { type AddressSpace, scanPlan, searchMemory, type SearchPattern } from '@icecore/memory';
import { leastRunCharacters, printableRuns, type Stretch } from '@icecore/scan';
import { maskBytes, secretRanges } from '@icecore/secrets';
import type { Mapping, Process } from '@icecore/snapshot';
import type { FoundString, MemoryAnswer, MemoryHit, MemoryHitsAnswer, MemoryPart, MemoryRegion, StringsAnswer } from '../contract/answers.ts';
import { RequestError } from './errors.ts';
import type { OpenedEvidence } from './shelf.ts';

/** Bytes around what is shown that are looked at for secrets which cross its borders. */
const aroundBytes = 8192;
/** Most bytes of a region that are looked through for strings. */
const maxStringBytes = 32 * 2 ** 20;
const maxStrings = 2000;
const maxStringLength = 2000;
const maxHits = 500;

/** Bytes at an address, read from the evidence by range; those of secrets are left out. */
export async function memoryAt(evidence: OpenedEvidence, pid: number, at: bigint, length: number): Promise<MemoryAnswer> {
  const { process, space } = processOf(evidence, pid);
  const { bytes, parts } = await space.read(at, length);
  const from = at > BigInt(aroundBytes) ? at - BigInt(aroundBytes) : 0n;
  const before = await space.read(from, Number(at - from));
  const after = await space.read(at + BigInt(length), aroundBytes);
  const hidden = hiddenRanges([before.bytes, bytes, after.bytes], evidence.known);
  return {
    pid,
    start: address(at),
    length,
    region: regionOf(process, at),
    evidence: evidence.place.from,
    parts: parts.map((part): MemoryPart => {
      const [first, end] = [Number(part.start - at), Number(part.end - at)];
      const within = hidden.flatMap(([a, b]) => (b <= first || a >= end ? [] : [[Math.max(a, first) - first, Math.min(b, end) - first] as const]));
      const shown = Uint8Array.from(bytes.subarray(first, end));
      for (const [a, b] of within) shown.fill(0, a, b);
      return { start: address(part.start), end: address(part.end), state: part.state, hex: part.state === 'stored' ? bytesToHex(shown) : null, hidden: part.state === 'stored' ? within : [], image: part.pagesImage ?? null, offset: part.offset ?? null };
    }),
  };
}

/** Runs of bytes of the middle piece that belong to secrets. */
export function hiddenRanges([before, bytes, after]: readonly [Uint8Array, Uint8Array, Uint8Array], known: readonly string[]): readonly (readonly [number, number])[] {
  return secretRanges(Buffer.concat([before, bytes, after]), known).flatMap(({ start, end }) => {
    const [a, b] = [Math.max(start, before.length) - before.length, Math.min(end, before.length + bytes.length) - before.length];
    return a < b ? [[a, b] as const] : [];
  });
}

/** Strings of the mapping at an address, in ASCII and in UTF-16LE, with asterisks for secrets: they are masked before anything is cut. */
export async function stringsAt(evidence: OpenedEvidence, request: { readonly pid: number; readonly at: bigint; readonly least: number; readonly text?: string | undefined }): Promise<StringsAnswer> {
  const { process, space } = processOf(evidence, request.pid);
  const mapping = mappingAt(process, request.at);
  if (mapping === undefined) throw new RequestError('unknown', `Nothing is mapped at ${address(request.at)} in process ${request.pid}.`);
  const wanted = request.text?.toLowerCase();
  const strings: FoundString[] = [];
  const size = Math.min(Number(mapping.end - mapping.start), maxStringBytes);
  for await (const { runs } of printableRuns([stretchOf(process.pid, space, mapping, size)], { known: evidence.known, least: Math.max(leastRunCharacters, request.least) })) {
    for (const { place, encoding, text } of runs) {
      if (wanted !== undefined && !text.toLowerCase().includes(wanted)) continue;
      if (strings.length === maxStrings) return { strings, cut: true, evidence: evidence.place.from };
      strings.push({ address: address(mapping.start + BigInt(place.offset)), encoding, text: text.slice(0, maxStringLength) });
    }
  }
  return { strings, cut: mapping.end - mapping.start > BigInt(size), evidence: evidence.place.from };
}

/** A mapping as the scan reads it; what the archive does not hold reads as zeros. Offsets are those from its start. */
function stretchOf(pid: number, space: AddressSpace, { start, permissions }: Mapping, length: number): Stretch {
  return {
    length,
    pageBytes: space.pageSize,
    subject: `memory of process ${pid} at ${address(start)}`,
    placeOf: (offset) => ({ kind: 'memory', owners: [{ pid, address: start + BigInt(offset) }], region: 'other', permissions, image: '', offset }),
    async read(target, offset) {
      target.set((await space.read(start + BigInt(offset), target.length)).bytes);
    },
  };
}

/** Where a pattern stands in the captured memory of one process or of all. */
export async function searchIn(evidence: OpenedEvidence, request: { readonly pid?: number | undefined; readonly pattern: string; readonly kind: 'text' | 'hex' }, signal: AbortSignal): Promise<MemoryHitsAnswer> {
  const { snapshot, known } = evidence;
  const processes = request.pid === undefined ? snapshot.processes : [processOf(evidence, request.pid).process];
  const hits: MemoryHit[] = [];
  for await (const found of searchMemory(scanPlan(processes.flatMap(({ memory }) => memory ?? [])), patternOf(request), { contextBytes: 4096, signal })) {
    const clean = Uint8Array.from(maskBytes(found.context, known));
    // What the user typed is no news to the user.
    clean.set(found.context.subarray(found.contextStart, found.contextStart + found.length), found.contextStart);
    const around = clean.subarray(Math.max(0, found.contextStart - 32), found.contextStart + found.length + 64);
    const shown = Buffer.from(around).toString('latin1').replaceAll(found.encoding === 'utf-16le' ? '\0' : /$^/g, '').replaceAll(/[^\x20-\x7e]/g, '·');
    for (const owner of found.owners) {
      if (request.pid !== undefined && owner.pid !== request.pid) continue;
      if (hits.length === maxHits) return { hits, cut: true, evidence: evidence.place.from };
      const process = snapshot.processes.find(({ pid }) => pid === owner.pid);
      const mapping = process === undefined ? undefined : mappingAt(process, owner.address);
      hits.push({ pid: process?.pid ?? null, comm: process?.comm ?? null, address: address(owner.address), encoding: found.encoding, region: mapping === undefined ? '' : `${mapping.permissions} ${mapping.name === '' ? 'anonymous' : mapping.name}`, context: shown });
    }
  }
  return { hits, cut: false, evidence: evidence.place.from };
}

function patternOf({ pattern, kind }: { readonly pattern: string; readonly kind: 'text' | 'hex' }): SearchPattern {
  if (kind === 'text') return { kind: 'literal', text: pattern, ignoreCase: true };
  const digits = pattern.replaceAll(/^0x|[\s:]/g, '');
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(digits)) throw new RequestError('refused', `${pattern} is not bytes in hex.`);
  return { kind: 'bytes', bytes: new Uint8Array(Buffer.from(digits, 'hex')) };
}

export function processOf({ snapshot }: OpenedEvidence, pid: number): { readonly process: Process; readonly space: AddressSpace } {
  const process = snapshot.processes.find((each) => each.pid === pid);
  if (process === undefined) throw new RequestError('unknown', `There is no process ${pid} in this capture.`);
  if (process.memory === undefined) throw new RequestError('unknown', `Process ${pid} has no memory of its own: it is ${process.state ?? 'not readable'}.`);
  return { process, space: process.memory };
}

function mappingAt({ mappings }: Process, at: bigint): Mapping | undefined {
  return mappings.find(({ start, end }) => start <= at && at < end);
}

function regionOf(process: Process, at: bigint): MemoryRegion | null {
  const mapping = mappingAt(process, at);
  return mapping === undefined ? null : { start: address(mapping.start), end: address(mapping.end), permissions: mapping.permissions, name: mapping.name };
}

/** An address as the tables have it: sixteen hex digits. */
export function address(value: bigint): string {
  return value.toString(16).padStart(16, '0');
}
