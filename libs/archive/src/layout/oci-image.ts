import { DamageError, type Gap } from '@icecore/bytes';
import { type ArchiveEntry } from '../entry.ts';
import { type ArchiveLimits } from '../limits.ts';
import { type EntryMap, fileAt } from './entry-map.ts';
import { atMost, configLabels, type ImageManifest, type Images, keepGoing, type Texts } from './image.ts';
import { asObject, type JsonObject, listAt, readJson, textAt, textsAt } from './json.ts';

const sha256 = /^sha256:([0-9a-f]{64})$/;

/** True for an OCI image layout (image-spec, image-layout.md). */
export function isOciLayout(entries: EntryMap): boolean {
  return fileAt(entries, 'index.json') !== undefined && (fileAt(entries, 'oci-layout') !== undefined || entries.has('blobs/sha256'));
}

/**
 * The images of an OCI layout in the order of its index, indexes inside it followed. What one image or index lacks
 * is a gap; the others count. Annotations are the labels of the config, then those of the indexes on the way
 * and of the manifest: the nearer to the layer, the later.
 */
export async function ociImages(entries: EntryMap, limits: ArchiveLimits): Promise<Images> {
  const images: ImageManifest[] = [];
  const gaps: Gap[] = [];
  let documents = 0;
  const blob = (descriptor: JsonObject, owner: string): ArchiveEntry => {
    const digest = textAt(descriptor, 'digest', owner) ?? '';
    const hex = sha256.exec(digest)?.[1];
    if (hex === undefined) throw new DamageError('unsupported', `"${digest.slice(0, 100)}" is no sha256 digest`, { entry: owner });
    const found = fileAt(entries, `blobs/sha256/${hex}`);
    if (found === undefined) throw new DamageError('missing', `the archive lacks the blob ${digest}`, { entry: owner });
    return found;
  };
  const visit = async (entry: ArchiveEntry, outer: readonly Texts[], depth: number): Promise<void> => {
    const name = entry.path;
    documents += 1;
    const { maxLayerCount, maxDepth } = limits;
    if (documents > maxLayerCount) throw new DamageError('limit', `more than ${maxLayerCount} image manifests`, { entry: name });
    if (depth > maxDepth) throw new DamageError('limit', `image indexes more than ${maxDepth} deep`, { entry: name });
    const document = asObject(await readJson(entry, limits), name);
    const annotations = [...outer, textsAt(document, 'annotations', name)];
    for (const item of atMost(listAt(document, 'manifests', name), limits, gaps, 'images of the archive')) {
      const descriptor = asObject(item, name);
      await keepGoing(gaps, 'an image of the archive', () =>
        visit(blob(descriptor, name), [...annotations, textsAt(descriptor, 'annotations', name)], depth + 1),
      );
    }
    const layers = atMost(listAt(document, 'layers', name), limits, gaps, 'layers of the image');
    if (layers.length === 0) return;
    const found: ArchiveEntry[] = [];
    for (const layer of layers) {
      await keepGoing(gaps, 'a layer of the image', () => void found.push(blob(asObject(layer, name), name)));
    }
    let labels: Texts = [];
    await keepGoing(gaps, 'labels of the image', async () => {
      const config = document['config'];
      if (config !== undefined) labels = await configLabels(blob(asObject(config, name), name), limits);
    });
    images.push({ layers: found, annotations: [labels, ...annotations] });
  };
  const index = fileAt(entries, 'index.json');
  if (index !== undefined) await visit(index, [], 0);
  return { images, gaps };
}
