import { type Gap, gapOf } from '@icecore/bytes';
import { imageTypes } from '@icecore/criu';
import { decodeBpf, disassembleSeccomp, type SeccompSummary, summariseSeccomp } from '@icecore/linux';
import type { ImageReader } from './image-reader.ts';

/** One seccomp filter, as `seccomp.img` holds it. */
export interface SeccompFilter {
  readonly index: number;
  /** The filter that runs after this one, older in time; undefined for the first that was loaded. */
  readonly previous: number | undefined;
  readonly flags: number;
  readonly instructions: number;
  /** One line an instruction. */
  readonly listing: readonly string[];
  /** Which system calls end how; undefined where the filter decides by more than the number of the call. */
  readonly summary: SeccompSummary | undefined;
}

/** All filters of the dump, by the index that threads refer to. */
export async function readSeccompFilters(images: ImageReader, arch: number | undefined): Promise<readonly SeccompFilter[]> {
  const entry = await images.first('seccomp.img', imageTypes.SECCOMP);
  return (entry?.message.seccomp_filters ?? []).flatMap(({ filter, prev, flags }, index) => {
    try {
      const program = decodeBpf(filter);
      const summary = arch === undefined ? undefined : summariseSeccomp(program, arch);
      return [{ index, previous: prev, flags: flags ?? 0, instructions: program.length, listing: disassembleSeccomp(program, arch), summary }];
    } catch (error) {
      images.gaps.push(inImage(gapOf(`seccomp filter ${index}`, error)));
      return [];
    }
  });
}

/** The filters that a thread runs under, the newest first, given the index of its newest. */
export function filterChain(filters: readonly SeccompFilter[], newest: number | undefined): SeccompFilter[] {
  const byIndex = new Map(filters.map((filter) => [filter.index, filter]));
  const chain: SeccompFilter[] = [];
  for (let index = newest; index !== undefined; ) {
    const filter = byIndex.get(index);
    // A chain only ever leads to older filters; one that comes back on itself is not honest.
    if (filter === undefined || chain.includes(filter)) break;
    chain.push(filter);
    index = filter.previous;
  }
  return chain;
}

function inImage(gap: Gap): Gap {
  return { ...gap, place: { image: 'seccomp.img', ...gap.place } };
}
