import { DamageError } from '@icecore/bytes';
import { needleSearch } from './needle-search.ts';
import type { Needle } from './needles.ts';
import { type Edit, maxEdits } from './removed.ts';
import { regionAt, type TarDocument } from './tar-document.ts';

const windowBytes = 1 << 20;

/** Every place in the documents at which a needle stands, in order. Rejects with a `DamageError` (`limit`) where there are too many. */
export async function locateNeedles(documents: readonly TarDocument[], needles: readonly Needle[], onProgress: (doneBytes: number) => void): Promise<Edit[]> {
  const search = needleSearch(needles);
  const edits: Edit[] = [];
  let done = 0;
  for (const { name, source, regions } of documents) {
    for (let start = 0; start < source.size && search.longest > 0; start += windowBytes) {
      const bytes = await source.read(start, Math.min(source.size, start + windowBytes + search.longest));
      search.find(bytes, ({ item, form, bytes: found }, offset) => {
        // What begins behind the window is the next one's; what a compressed tar stores as it is goes with that tar.
        if (offset >= windowBytes || regionAt(regions, start + offset)?.kind === 'compressed') return;
        if (edits.length >= maxEdits) throw new DamageError('limit', `what is to go stands in more than ${maxEdits} places`);
        edits.push({ document: name, start: start + offset, end: start + offset + found.length, item, form });
      });
      onProgress(done + Math.min(source.size, start + windowBytes));
    }
    done += source.size;
  }
  return edits;
}
