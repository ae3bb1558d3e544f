import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { memorySpool, openArchive } from '@icecore/archive';
import { type ByteSource, memorySource, readAll } from '@icecore/bytes';
import { opened, type SampleName, sampleNames, sampleUrl } from '../samples.test-support.ts';
import { type CheckpointImage, checkpointFacts, checkpointImage, checkpointLayer, layoutFiles, writeTar } from '../index.ts';
import { layoutFaults } from './validate-layout.test-support.ts';

async function sample(name: SampleName | 'image'): Promise<ByteSource> {
  return memorySource(await readFile(sampleUrl(name)));
}

async function imageOf(name: SampleName, decompress = false): Promise<CheckpointImage> {
  const layer = await checkpointLayer(await sample(name), { spool: memorySpool(), decompress });
  const { archive, snapshot } = await opened(layer.plain);
  return checkpointImage(layer, await checkpointFacts(archive, snapshot), snapshot.container.checkpointedAt ?? new Date(0));
}

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

const hasSkopeo = spawnSync('skopeo', ['--version'], { stdio: 'ignore' }).status === 0;

describe('the image of an archive', () => {
  for (const [name, file] of Object.entries(sampleNames) as [SampleName, string][]) {
    it(`${file} keeps the image-spec, and is read back as the same checkpoint`, async () => {
      const image = await imageOf(name);
      const files = layoutFiles(image, 'case-1');
      expect(await layoutFaults(files)).toEqual([]);
      const back = await openArchive(memorySource(await bytesOf(writeTar(files))), { spool: memorySpool() });
      const { archive } = await opened(await sample(name));
      expect(back).toMatchObject({ container: 'oci-image', gaps: [] });
      expect([...back.entries.keys()]).toEqual([...archive.entries.keys()]);
      expect(Object.fromEntries(back.annotations)).toMatchObject(image.annotations);
    });
  }

  it('has the archive itself as its layer: the digest of the layer is that of the evidence', async () => {
    const archive = await readAll(await sample('attack'));
    const { layer } = await imageOf('attack');
    expect(Buffer.compare(Buffer.from(await readAll(layer.source)), Buffer.from(archive))).toBe(0);
    expect(layer.descriptor).toMatchObject({ mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd', size: archive.length });
  });

  it('is the same for the same archive, whenever and by whomever it is made', async () => {
    const [one, other] = [await imageOf('containerd'), await imageOf('containerd')];
    expect(one.index.descriptor).toEqual(other.index.descriptor);
    expect(one.index.descriptor.digest).toBe('sha256:9b86809609a47f6030887b83901f935e63a8651055dd26f08c457097972c1738');
  });

  it('stores the plain tar where that is asked for', async () => {
    const image = await imageOf('attack', true);
    expect(image.layer.descriptor.mediaType).toBe('application/vnd.oci.image.layer.v1.tar');
    expect(await layoutFaults(layoutFiles(image, undefined))).toEqual([]);
  });

  const looksFor = [
    ['containerd', 'org.criu.checkpoint.container.name', 'counter'],
    ['crio', 'io.kubernetes.cri-o.annotations.checkpoint.name', 'loop'],
    ['podman', 'io.podman.annotations.checkpoint.name', 'c1'],
  ] as const;
  for (const [name, annotation, value] of looksFor) {
    it(`of ${name} says ${annotation} where the engine looks: on the index and on the manifest`, async () => {
      const image = await imageOf(name);
      for (const blob of [image.index, image.manifest]) {
        expect(JSON.parse(new TextDecoder().decode(await readAll(blob.source)))).toMatchObject({ annotations: { [annotation]: value } });
      }
    });
  }

  const refused = [
    ['an image already', async () => opened(await sample('image')), /is an image already/],
    ['half of an incremental pair', async () => withDump({ incremental: true }), /builds on an earlier one/],
    ['a folder of CRIU images', async () => withoutEntry('config.dump'), /without config.dump/],
    ['an archive that does not name the container’s specification', async () => withoutEntry('spec.dump'), /without spec.dump/],
  ] as const;
  for (const [what, make, reason] of refused) {
    it(`is refused for ${what}`, async () => {
      const { archive, snapshot } = await make();
      await expect(checkpointFacts(archive, snapshot)).rejects.toThrow(reason);
    });
  }

  it('is refused for an archive that is cut short', async () => {
    const whole = await readAll(await sample('attack'));
    await expect(checkpointLayer(memorySource(whole.subarray(0, whole.length - 1000)), { spool: memorySpool() })).rejects.toThrow(/an image needs the whole archive/);
  });

  (hasSkopeo ? it : it.skip)('is read by skopeo', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'icecore-image-'));
    try {
      const image = await imageOf('containerd');
      for (const { path, source } of layoutFiles(image, 'v1')) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), await readAll(source));
      }
      const run = spawnSync('skopeo', ['inspect', `oci:${folder}:v1`], { encoding: 'utf8' });
      expect(run.stderr).toBe('');
      expect(JSON.parse(run.stdout)).toMatchObject({ Digest: image.index.descriptor.digest, Architecture: 'amd64', Layers: [image.layer.descriptor.digest] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

async function withDump(change: object) {
  const { archive, snapshot } = await opened(await sample('podman'));
  return { archive, snapshot: { ...snapshot, dump: { ...snapshot.dump, ...change } } };
}

async function withoutEntry(path: string) {
  const { archive, snapshot } = await opened(await sample('podman'));
  return { archive: { ...archive, entries: new Map([...archive.entries].filter(([name]) => name !== path)) }, snapshot };
}
