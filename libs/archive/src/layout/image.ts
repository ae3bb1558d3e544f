import { type Gap, gapOf } from '@icecore/bytes';
import { type ArchiveEntry } from '../entry.ts';
import { type ArchiveLimits } from '../limits.ts';
import { asObject, readJson, textsAt } from './json.ts';

/** Names and texts in the order of their JSON. */
export type Texts = readonly (readonly [string, string])[];

/** One image of an image archive: its layers in order, and what is written about it. */
export interface ImageManifest {
  readonly layers: readonly ArchiveEntry[];
  /** Annotations and labels, what overrules later; kept apart, since images share most of them. */
  readonly annotations: readonly Texts[];
}

/** The images of an archive, and what of them could not be read. */
export interface Images {
  readonly images: readonly ImageManifest[];
  readonly gaps: readonly Gap[];
}

/** The labels of an image's config document, which OCI and docker write alike. */
export async function configLabels(entry: ArchiveEntry, limits: ArchiveLimits): Promise<Texts> {
  const document = asObject(await readJson(entry, limits), entry.path);
  return textsAt(asObject(document['config'] ?? {}, entry.path), 'Labels', entry.path);
}

/** The first items of a list, as many as are looked at; a gap tells of the others. */
export function atMost(items: readonly unknown[], limits: ArchiveLimits, gaps: Gap[], subject: string): readonly unknown[] {
  const most = limits.maxLayerCount;
  if (items.length <= most) return items;
  gaps.push({ code: 'limit', subject, reason: `only ${most} of ${items.length} are looked at`, place: {} });
  return items.slice(0, most);
}

/** Runs a step whose damage costs only what the step adds. */
export async function keepGoing(gaps: Gap[], subject: string, step: () => Promise<void> | void): Promise<void> {
  try {
    await step();
  } catch (error) {
    gaps.push(gapOf(subject, error));
  }
}
