import { DamageError, type Gap } from '@icecore/bytes';
import { type ArchiveEntry } from '../entry.ts';
import { type ArchiveLimits } from '../limits.ts';
import { normalisePath } from '../path.ts';
import { type EntryMap, fileAt } from './entry-map.ts';
import { atMost, configLabels, type ImageManifest, type Images, keepGoing, type Texts } from './image.ts';
import { asObject, listAt, readJson, textAt } from './json.ts';

const manifestName = 'manifest.json';

/** True for what `docker save` and `podman save --format docker-archive` write. */
export function isDockerArchive(entries: EntryMap): boolean {
  return fileAt(entries, manifestName) !== undefined;
}

/** The images of a docker archive in the order of its manifest; annotations are the labels of the config. */
export async function dockerImages(entries: EntryMap, limits: ArchiveLimits): Promise<Images> {
  const images: ImageManifest[] = [];
  const gaps: Gap[] = [];
  const file = (path: string): ArchiveEntry => {
    const found = fileAt(entries, normalisePath(path).path);
    if (found === undefined) throw new DamageError('missing', `the archive lacks "${path.slice(0, 200)}"`, { entry: manifestName });
    return found;
  };
  const manifest = fileAt(entries, manifestName);
  const items = manifest === undefined ? [] : await readJson(manifest, limits);
  if (!Array.isArray(items)) throw new DamageError('malformed', 'the JSON holds no list of images', { entry: manifestName });
  for (const item of atMost(items, limits, gaps, 'images of the archive')) {
    await keepGoing(gaps, 'an image of the archive', async () => {
      const image = asObject(item, manifestName);
      const layers: ArchiveEntry[] = [];
      for (const layer of atMost(listAt(image, 'Layers', manifestName), limits, gaps, 'layers of the image')) {
        await keepGoing(gaps, 'a layer of the image', () => {
          if (typeof layer !== 'string') throw new DamageError('malformed', 'a layer is named by no text', { entry: manifestName });
          layers.push(file(layer));
        });
      }
      let labels: Texts = [];
      await keepGoing(gaps, 'labels of the image', async () => {
        const config = textAt(image, 'Config', manifestName);
        if (config !== undefined) labels = await configLabels(file(config), limits);
      });
      images.push({ layers, annotations: [labels] });
    });
  }
  return { images, gaps };
}
