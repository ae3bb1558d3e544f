import { areaAt, scanPlan, type Span, type SpanOwner } from '@icecore/memory';
import { type ContainerSnapshot, type Mapping, type Process, vmaStatus } from '@icecore/snapshot';
import type { HitPlace, MemoryOwner, RegionKind } from './hits.ts';
import type { Stretch } from './stretch.ts';

/**
 * The captured memory of all processes: spans that follow each other in the address space of the same owners are one
 * stretch, wherever their bytes are in the archive. Stretches come by pid and address; those of nobody come last.
 */
export function memoryStretches(snapshot: Pick<ContainerSnapshot, 'processes'>): readonly Stretch[] {
  const spaces = snapshot.processes.flatMap(({ memory }) => memory ?? []);
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const spans = scanPlan(spaces).map((span) => ({ span, owners: sorted(span.owners) }));
  spans.sort((a, b) => compareOwners(a.owners, b.owners));
  const stretches: Stretch[] = [];
  let group: PlacedSpan[] = [];
  for (const each of spans) {
    const last = group.at(-1);
    if (last !== undefined && !follows(last, each)) {
      stretches.push(stretchOf(group, processes));
      group = [];
    }
    group.push(each);
  }
  if (group.length > 0) stretches.push(stretchOf(group, processes));
  return stretches;
}

interface PlacedSpan {
  readonly span: Span;
  readonly owners: readonly SpanOwner[];
}

function sorted(owners: readonly SpanOwner[]): readonly SpanOwner[] {
  return [...owners].sort(compareOwner);
}

function compareOwner(a: SpanOwner, b: SpanOwner): number {
  const [one, other] = [a.pid ?? Number.MAX_SAFE_INTEGER, b.pid ?? Number.MAX_SAFE_INTEGER];
  return one !== other ? one - other : a.address < b.address ? -1 : a.address > b.address ? 1 : 0;
}

function compareOwners(a: readonly SpanOwner[], b: readonly SpanOwner[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    if (one === undefined || other === undefined) return a.length - b.length;
    const order = compareOwner(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** The same processes see `next` right behind `last`. */
function follows(last: PlacedSpan, next: PlacedSpan): boolean {
  if (last.owners.length !== next.owners.length) return false;
  return last.owners.every(({ pid, address }, i) => next.owners[i]?.pid === pid && next.owners[i]?.address === address + BigInt(last.span.length));
}

function stretchOf(group: readonly PlacedSpan[], processes: ReadonlyMap<number, Process>): Stretch {
  const parts: { readonly start: number; readonly span: Span }[] = [];
  let length = 0;
  for (const { span } of group) {
    parts.push({ start: length, span });
    length += span.length;
  }
  const owners = group[0]?.owners ?? [];
  const [first] = owners;
  const process = first?.pid === undefined ? undefined : processes.get(first.pid);
  return {
    length,
    pageBytes: process?.memory?.pageSize ?? 4096,
    subject: first?.pid === undefined ? 'a shared segment that nobody has mapped' : `memory of process ${first.pid} at 0x${first.address.toString(16)}`,
    placeOf: (offset) => placeAt(offset, owners, parts, process),
    async read(target, offset) {
      for (let i = partAt(parts, offset), done = 0; done < target.length; i++) {
        const part = parts[i];
        if (part === undefined) throw new RangeError(`bytes from ${offset} on are outside a stretch of ${length}`);
        const from = offset + done - part.start;
        const count = Math.min(target.length - done, part.span.length - from);
        await part.span.read(target.subarray(done, done + count), from);
        done += count;
      }
    },
  };
}

function partAt(parts: readonly { readonly start: number }[], offset: number): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((parts[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function placeAt(offset: number, owners: readonly SpanOwner[], parts: readonly { readonly start: number; readonly span: Span }[], process: Process | undefined): HitPlace {
  const part = parts[partAt(parts, offset)];
  const at: MemoryOwner[] = owners.map(({ pid, address }) => ({ pid, address: address + BigInt(offset) }));
  const address = at[0]?.address ?? 0n;
  const mapping = process === undefined ? undefined : areaAt(process.mappings, address);
  return {
    kind: 'memory',
    owners: at,
    region: regionOf(process, mapping, address),
    permissions: mapping?.permissions ?? '',
    image: part?.span.pagesImage ?? '',
    offset: part === undefined ? offset : part.span.offset + offset - part.start,
  };
}

/** What kind of memory an address is in, by what CRIU noted of its mapping. */
export function regionOf(process: Process | undefined, mapping: Mapping | undefined, address: bigint): RegionKind {
  const { addresses } = process ?? {};
  const within = ([start, end]: readonly [bigint, bigint]): boolean => address >= start && address < end;
  if (addresses !== undefined && within(addresses.arguments)) return 'arguments';
  if (addresses !== undefined && within(addresses.environment)) return 'environment';
  if (mapping === undefined) return 'other';
  const has = (bit: number): boolean => (mapping.statusBits & bit) !== 0;
  if (has(vmaStatus.memfd)) return 'memfd';
  if (has(vmaStatus.sysv)) return 'sysv';
  if (has(vmaStatus.vdso)) return 'vdso';
  if (has(vmaStatus.filePrivate)) return 'file_private';
  if (has(vmaStatus.fileShared)) return 'file_shared';
  if (has(vmaStatus.anonymousShared)) return 'shared';
  if (mapping.name === '[heap]') return 'heap';
  return mapping.name === '[stack]' ? 'stack' : 'anonymous';
}
