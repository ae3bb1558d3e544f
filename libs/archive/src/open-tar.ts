import { type ByteSource, DamageError, type Gap } from '@icecore/bytes';
import { type ExpandOptions, expandReleasably, type ReleasableExpanded } from './compression/expand.ts';
import { type Compression, detectCompression, headBytes } from './compression/magic.ts';
import { archiveLimits } from './limits.ts';
import { indexTar, type TarIndex } from './tar/index-tar.ts';

/** A tar without its compressions, listed. */
export interface OpenedTar extends TarIndex {
  /** The outermost compression. */
  readonly compression: Compression;
  /** The plain tar. */
  readonly source: ByteSource;
  /** Gives back what the plain bytes take in the spool; entries cannot be read any more. */
  readonly release: () => Promise<void>;
}

export async function openTar(source: ByteSource, options: ExpandOptions): Promise<OpenedTar> {
  const expanded = await expandFully(source, options);
  try {
    const index = await indexTar(expanded.source, options);
    return { ...expanded, entries: index.entries, gaps: [...expanded.gaps, ...index.gaps] };
  } catch (error) {
    await expanded.release();
    throw error;
  }
}

/** Takes off one compression after the other. */
async function expandFully(source: ByteSource, options: ExpandOptions): Promise<ReleasableExpanded> {
  const { maxDepth } = archiveLimits(options.limits);
  const first = await expandReleasably(source, options);
  const gaps: Gap[] = [...first.gaps];
  let inner = first;
  for (let depth = 1; await isCompressed(inner); depth++) {
    const outer = inner;
    try {
      if (depth >= maxDepth) throw new DamageError('limit', `compressed more than ${maxDepth} times`);
      inner = await expandReleasably(outer.source, options);
    } finally {
      await outer.release();
    }
    gaps.push(...inner.gaps);
  }
  return { ...inner, compression: first.compression, gaps };
}

async function isCompressed({ compression, source }: ReleasableExpanded): Promise<boolean> {
  if (compression === 'none') return false;
  const found = detectCompression(await source.read(0, Math.min(headBytes, source.size)));
  return found !== undefined && found !== 'none';
}
