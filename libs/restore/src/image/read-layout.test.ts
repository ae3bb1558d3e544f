import { readFile } from 'node:fs/promises';
import { memorySpool } from '@icecore/archive';
import { type ByteSource, memorySource, readAll } from '@icecore/bytes';
import { opened, sampleUrl } from '../samples.test-support.ts';
import { checkpointFacts, type CheckpointImage, checkpointImage, checkpointLayer, layoutFiles, readLayout } from '../index.ts';

const spool = memorySpool();

async function sample(): Promise<CheckpointImage> {
  const source = memorySource(await readFile(sampleUrl('containerd')));
  const { archive, snapshot } = await opened(source);
  return checkpointImage(await checkpointLayer(source, { spool }), await checkpointFacts(archive, snapshot), new Date(0));
}

/** A layout in memory, with files changed. */
function layout(image: CheckpointImage, changed: Readonly<Record<string, string | undefined>> = {}): (path: string) => Promise<ByteSource> {
  const files = new Map(layoutFiles(image, '1').map(({ path, source }) => [path, source]));
  return async (path) => {
    const source = path in changed ? (changed[path] === undefined ? undefined : memorySource(Buffer.from(changed[path]))) : files.get(path);
    if (source === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    return source;
  };
}

const blobOf = ({ descriptor }: CheckpointImage['index']): string => `blobs/${descriptor.digest.replace(':', '/')}`;

describe('an image that is there as a layout', () => {
  it('is read as it was written', async () => {
    const image = await sample();
    const read = await readLayout(layout(image));
    for (const part of ['index', 'manifest', 'config', 'layer'] as const) {
      expect(read[part].descriptor).toEqual({ mediaType: image[part].descriptor.mediaType, digest: image[part].descriptor.digest, size: image[part].descriptor.size });
      expect(Buffer.from(await readAll(read[part].source)).equals(await readAll(image[part].source))).toBe(true);
    }
    expect(read.annotations).toEqual(image.annotations);
  });

  it('is refused where it is another, or of another form', async () => {
    const image = await sample();
    const text = Buffer.from(await readAll(image.manifest.source)).toString('utf8');
    await expect(readLayout(layout(image, { [blobOf(image.manifest)]: text.replace('"size"', '"sizf"') }))).rejects.toMatchObject({ code: 'malformed', reason: 'is not what its digest says' });
    await expect(readLayout(layout(image, { [blobOf(image.layer)]: 'short' }))).rejects.toMatchObject({ code: 'malformed' });
    await expect(readLayout(layout(image, { 'index.json': '{"manifests":[]}' }))).rejects.toMatchObject({ code: 'malformed' });
    await expect(readLayout(layout(image, { 'index.json': JSON.stringify({ manifests: [{ mediaType: 'a', digest: 'sha256:../../etc/passwd', size: 1 }] }) }))).rejects.toMatchObject({ code: 'malformed' });
    await expect(readLayout(layout(image, { [blobOf(image.index)]: undefined }))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
