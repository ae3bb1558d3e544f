import { gzipSync, zstdCompressSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { memorySource, readAll } from '@icecore/bytes';
import fc from 'fast-check';
import { type CheckpointArchive, memorySpool, openArchive, openNested, type OpenOptions } from './index.ts';
import { member, tar } from './tar-builder.test-support.ts';

const open = (bytes: Uint8Array, options: Partial<OpenOptions> = {}): Promise<CheckpointArchive> =>
  openArchive(memorySource(bytes), { spool: memorySpool(), ...options });

const folder = (name: string): Buffer => member({ name, type: '5', mode: 0o700 });
const diff = tar(member({ name: 'etc/cron.d/x' }, '* * * * * root x'), member({ name: '/abs' }));
const images = (prefix: string): Buffer[] => ['inventory', 'core-1', 'pstree'].map((name) => member({ name: `${prefix}${name}.img` }, name));

function checkpoint(root = ''): Buffer[] {
  return [
    folder(`${root}checkpoint/`),
    ...images(`${root}checkpoint/`),
    member({ name: `${root}checkpoint/descriptors.json` }, '[]'),
    member({ name: `${root}config.dump` }, '{}'),
    member({ name: `${root}spec.dump` }, '{}'),
    member({ name: `${root}rootfs-diff.tar` }, diff),
  ];
}

const paths = [
  'checkpoint',
  'checkpoint/inventory.img',
  'checkpoint/core-1.img',
  'checkpoint/pstree.img',
  'checkpoint/descriptors.json',
  'config.dump',
  'spec.dump',
  'rootfs-diff.tar',
];

describe('a checkpoint archive', () => {
  it.each([
    ['plain', 'none', tar(...checkpoint())],
    ['gzip', 'gzip', gzipSync(tar(...checkpoint()))],
    ['zstd', 'zstd', zstdCompressSync(tar(...checkpoint()))],
    ['twice compressed', 'zstd', zstdCompressSync(gzipSync(tar(...checkpoint())))],
    ['with ./ before its paths', 'none', tar(folder('./'), ...checkpoint('./'))],
    ['one folder deep', 'none', tar(folder('capture/'), ...checkpoint('capture/'))],
  ])('%s opens', async (_, compression, bytes) => {
    const archive = await open(bytes);
    expect(archive).toMatchObject({ compression, container: 'tar', size: bytes.length, gaps: [], imagesPrefix: 'checkpoint/' });
    expect([...archive.entries.keys()].filter((path) => path !== '')).toEqual(paths);
    for (const [path, entry] of archive.entries) expect(entry.path).toBe(path);
    expect([...archive.images().keys()]).toEqual(['inventory.img', 'core-1.img', 'pstree.img']);
    const core = archive.images().get('core-1.img');
    expect(core && Buffer.from(await readAll(core.source)).toString()).toBe('core-1');
  });

  it('of a pre-copy has its images in pre-checkpoint', async () => {
    const archive = await open(tar(member({ name: 'config.dump' }), member({ name: 'spec.dump' }), ...images('pre-checkpoint/')));
    expect(archive).toMatchObject({ container: 'tar', imagesPrefix: 'pre-checkpoint/', gaps: [] });
    expect(archive.images().size).toBe(3);
  });

  it('with a pre-copy inside it has its images in checkpoint', async () => {
    const archive = await open(tar(...images('pre-checkpoint/'), ...checkpoint()));
    expect(archive).toMatchObject({ imagesPrefix: 'checkpoint/', gaps: [] });
  });

  it.each([
    ['at the root', ''],
    ['with ./ before its paths', './'],
    ['one folder deep', 'images/'],
  ])('may be a bare image folder %s', async (_, prefix) => {
    const archive = await open(tar(...images(prefix)));
    expect(archive).toMatchObject({ container: 'image-folder', imagesPrefix: '', gaps: [] });
    expect([...archive.images().keys()]).toEqual(['inventory.img', 'core-1.img', 'pstree.img']);
  });

  it('without images opens, and says that it lacks them', async () => {
    const archive = await open(tar(member({ name: 'config.dump' }), member({ name: 'spec.dump' })));
    expect(archive.images().size).toBe(0);
    expect(archive.gaps).toMatchObject([{ code: 'missing', subject: 'CRIU images' }]);
  });

  it('that is cut keeps what came before', async () => {
    const whole = gzipSync(tar(...checkpoint()));
    const archive = await open(whole.subarray(0, whole.length - 40));
    expect(archive.images().size).toBeGreaterThan(0);
    expect(archive.gaps.map(({ code }) => code)).toContain('truncated');
  });

  it('with a doubled entry has the last one, and an unsafe one never hides a safe one', async () => {
    const archive = await open(tar(...checkpoint(), member({ name: 'config.dump' }, 'later'), member({ name: '/spec.dump' }, 'evil')));
    expect(archive.entries.get('config.dump')?.size).toBe(5);
    expect(archive.entries.get('spec.dump')).toMatchObject({ unsafe: false, size: 2 });
    expect(archive.gaps.map(({ subject }) => subject)).toEqual(['entry config.dump', 'entry spec.dump']);
  });

  it('beside a second one says which is open', async () => {
    const archive = await open(tar(...checkpoint('a/'), ...checkpoint('b/')));
    expect(archive.gaps).toMatchObject([
      { code: 'unsupported', subject: 'checkpoint in b/' },
      { code: 'unsupported', reason: '8 lie outside a/' },
    ]);
  });

  it.each([
    ['a tar of something else', tar(member({ name: 'etc/passwd' }), member({ name: 'bin/sh' })), /2 entries, first etc\/passwd, bin\/sh/],
    ['a tar of nothing', tar(), /no entries/],
    ['a compressed file that is no tar', gzipSync('hello'), /no entries/],
    ['a compression inside too many', [1, 2, 3, 4, 5].reduce((bytes) => gzipSync(bytes), tar()), /more than 4 times/],
  ])('is not %s', async (_, bytes, message) => {
    await expect(open(bytes)).rejects.toMatchObject({ name: 'DamageError', message: expect.stringMatching(message) });
  });
});

describe('a nested archive', () => {
  it.each([
    ['plain', 'none', diff],
    ['gzip', 'gzip', gzipSync(diff)],
  ])('%s is listed', async (_, compression, bytes) => {
    const archive = await open(tar(...images('checkpoint/'), member({ name: 'rootfs-diff.tar' }, bytes)));
    const nested = await openNested(archive.entries.get('rootfs-diff.tar')!, { spool: memorySpool() });
    expect(nested).toMatchObject({ compression, gaps: [] });
    expect(nested.entries.map(({ path, unsafe }) => [path, unsafe])).toEqual([
      ['etc/cron.d/x', false],
      ['abs', true],
    ]);
  });

  it('that is damaged names itself and its entry', async () => {
    const archive = await open(tar(...images('checkpoint/'), member({ name: 'rootfs-diff.tar' }, diff.subarray(0, 520))));
    const nested = await openNested(archive.entries.get('rootfs-diff.tar')!, { spool: memorySpool() });
    expect(nested.gaps).toMatchObject([{ code: 'truncated', place: { entry: 'rootfs-diff.tar!etc/cron.d/x', offset: 8 } }]);
    await expect(openNested(archive.entries.get('checkpoint/core-1.img')!, { spool: memorySpool(), name: 'a.tar' })).rejects.toMatchObject({
      code: 'malformed',
      place: { entry: 'a.tar!checkpoint/core-1.img' },
    });
  });
});

describe('an image', () => {
  const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const blob = (bytes: Uint8Array): Buffer => member({ name: `blobs/sha256/${digestOf(bytes)}` }, bytes);
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const descriptor = (bytes: Uint8Array, more: object = {}): object => ({ digest: `sha256:${digestOf(bytes)}`, size: bytes.length, ...more });
  const other = tar(member({ name: 'bin/sh' }));

  function oci(layers: readonly Buffer[], { depth = 0, indexFile }: { depth?: number; indexFile?: Buffer } = {}): Buffer {
    const config = json({ config: { Labels: { label: 'l', both: 'label' } } });
    const manifest = json({
      config: descriptor(config),
      layers: layers.map((layer) => descriptor(layer)),
      annotations: { manifest: 'm', both: 'manifest' },
    });
    const blobs = [config, manifest, ...layers];
    let inner = manifest;
    for (let i = 0; i < depth; i++) blobs.push((inner = json({ manifests: [descriptor(inner)] })));
    const index = json({ manifests: [descriptor(inner, { annotations: { ref: 'r' } })], annotations: { index: 'i' } });
    return tar(member({ name: 'oci-layout' }, '{}'), member({ name: 'index.json' }, indexFile ?? index), ...blobs.map(blob));
  }

  it.each([
    ['plain', (bytes: Buffer): Buffer => bytes],
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('of OCI with a %s layer opens as the checkpoint in it', async (_, pack) => {
    const archive = await open(oci([other, pack(tar(...checkpoint()))]));
    expect(archive).toMatchObject({ compression: 'none', container: 'oci-image', gaps: [], imagesPrefix: 'checkpoint/' });
    expect([...archive.entries.keys()]).toEqual(paths);
    expect(archive.annotations).toEqual(new Map(Object.entries({ label: 'l', both: 'manifest', index: 'i', ref: 'r', manifest: 'm' })));
  });

  it('of OCI may have its index in indexes, to a depth', async () => {
    expect((await open(oci([tar(...checkpoint())], { depth: 3 }))).images().size).toBe(3);
    await expect(open(oci([tar(...checkpoint())], { depth: 4 }))).rejects.toMatchObject({ code: 'malformed', message: expect.stringContaining('4 deep') });
  });

  it('of docker opens as the checkpoint in it, links to layers followed', async () => {
    const bytes = tar(
      member({ name: 'manifest.json' }, json([{ Config: 'c.json', Layers: ['1/layer.tar', '2/layer.tar'] }])),
      member({ name: 'c.json' }, json({ config: { Labels: { a: 'b' } } })),
      member({ name: '1/layer.tar' }, other),
      member({ name: '2/layer.tar', type: '2', linkName: '../3/layer.tar' }),
      member({ name: '3/layer.tar' }, gzipSync(tar(...checkpoint()))),
    );
    const archive = await open(bytes);
    expect(archive).toMatchObject({ container: 'docker-image', gaps: [], annotations: new Map([['a', 'b']]) });
    expect([...archive.entries.keys()]).toEqual(paths);
  });

  it('with a layer that is missing opens by the others, and says so', async () => {
    const layer = tar(...checkpoint());
    const manifest = json({ layers: [descriptor(other), descriptor(layer)] });
    const index = json({ manifests: [descriptor(manifest)] });
    const bytes = tar(member({ name: 'oci-layout' }), member({ name: 'index.json' }, index), blob(manifest), blob(layer));
    expect((await open(bytes)).gaps).toMatchObject([{ code: 'missing', subject: 'a layer of the image' }]);
  });

  it.each([
    ['an index that is no JSON', Buffer.from('{'), /no JSON/],
    ['an index of another shape', json([1]), /no object/],
    ['manifests of another shape', json({ manifests: 'many' }), /no list at "manifests"/],
    ['a digest that is a path', json({ manifests: [{ digest: 'sha256:../../../etc/passwd' }] }), /no sha256 digest/],
    ['a digest of another kind', json({ manifests: [{ digest: `sha512:${'0'.repeat(64)}` }] }), /no sha256 digest/],
    ['a blob that is not there', json({ manifests: [{ digest: `sha256:${'0'.repeat(64)}` }] }), /lacks the blob/],
    ['annotations of another shape', json({ annotations: { a: 1 } }), /no text at "annotations.a"/],
    ['JSON larger than the limit', Buffer.from(`"${'x'.repeat(5 << 20)}"`), /JSON document of 5.0 MiB/],
    ['an index of nulls', json({ manifests: [null], layers: null, annotations: null }), /no object/],
  ])('with %s is refused', async (_, indexFile, message) => {
    await expect(open(oci([tar(...checkpoint())], { indexFile }))).rejects.toMatchObject({
      name: 'DamageError',
      code: 'malformed',
      message: expect.stringMatching(message),
    });
  });

  it('without a checkpoint is refused and leaves nothing in the spool', async () => {
    let kept = 0;
    const spool = memorySpool();
    const counting = {
      async create() {
        const file = await spool.create();
        kept += 1;
        return { ...file, discard: () => ((kept -= 1), file.discard()) };
      },
    };
    await expect(open(gzipSync(oci([gzipSync(other), zstdCompressSync(other)])), { spool: counting })).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('no layer of the image is a checkpoint'),
    });
    expect(kept).toBe(0);
  });
});

describe('any damage', () => {
  it.each([
    ['a plain archive', tar(...checkpoint())],
    ['a gzip archive', gzipSync(tar(...checkpoint()))],
    ['a zstd archive', zstdCompressSync(tar(...checkpoint()))],
  ])('to %s is a gap or a DamageError', async (_, bytes) => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(bytes.length), async (changes, cut) => {
        const damaged = Buffer.from(bytes.subarray(0, cut % 3 === 0 ? cut : bytes.length));
        for (const { at, byte } of changes) if (at < damaged.length) damaged[at] = byte;
        await open(damaged).catch((error: unknown) => expect(error).toMatchObject({ name: 'DamageError' }));
      }),
      { numRuns: 80 },
    );
  });

  it('to a small gzip archive at any length is a gap or a DamageError', async () => {
    const whole = gzipSync(tar(...checkpoint()));
    for (let length = 0; length < whole.length; length++) {
      const outcome = await open(whole.subarray(0, length)).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ name: 'DamageError' });
      else expect(outcome).toMatchObject({ gaps: expect.arrayContaining([expect.objectContaining({ code: 'truncated' })]) });
    }
  });
});
