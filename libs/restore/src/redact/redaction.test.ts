import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type ArchiveEntry, indexTar, memorySpool } from '@icecore/archive';
import { memorySource, readAll } from '@icecore/bytes';
import { decodeImage } from '@icecore/criu';
import { secretKey } from '@icecore/secrets';
import { valuesOf } from '@icecore/snapshot';
import { opened, type SampleName, sampleNames, sampleUrl } from '../samples.test-support.ts';
import { planRedaction, type RedactionChoice, redactionManifest, redactionsOf } from '../index.ts';

const key = secretKey(new Uint8Array(32).fill(7));
const options = { spool: memorySpool(1 << 30), key };
const secrets: RedactionChoice = { secrets: true, regions: [], files: [] };

const parentOf = (archive: Uint8Array) => ({ sha256: createHash('sha256').update(archive).digest('hex'), bytes: archive.length });

async function redacted(archive: Uint8Array, choice: RedactionChoice) {
  const redaction = await planRedaction(memorySource(archive), choice, options);
  const pieces: Uint8Array[] = [];
  for await (const piece of redaction.pieces(redactionManifest(redaction, parentOf(archive), key.id))) pieces.push(piece);
  const copy = Buffer.concat(pieces);
  return { redaction, copy, faults: await redaction.faults(memorySource(copy)) };
}

/** All bytes that whoever gets the file can read: decompressed, and the compressed tars within decompressed too. */
async function allBytes(file: Uint8Array): Promise<Buffer> {
  const plain = unpacked(file);
  const { entries } = await indexTar(memorySource(plain));
  const inner = await Promise.all(entries.map(async ({ source }: ArchiveEntry) => unpacked(await readAll(source))));
  return Buffer.concat([plain, ...inner]);
}

function unpacked(bytes: Uint8Array): Buffer {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes);
  if (bytes[0] === 0x28 && bytes[1] === 0xb5) return zstdDecompressSync(bytes);
  return Buffer.from(bytes);
}

function holds(all: Buffer, value: string): boolean {
  const base64 = [0, 1, 2].map((shift) => Buffer.from('x'.repeat(shift) + value).toString('base64').slice(4, -4));
  return [Buffer.from(value), Buffer.from(value, 'utf16le'), ...base64.map((text) => Buffer.from(text))].some((form) => all.includes(form));
}

describe('a copy without secrets', () => {
  /** Values that the makers of the samples put into them (samples/README.md). */
  const values: [SampleName, string[]][] = [
    ['containerd', ['ENV-SECRET-1111', 'AKIAIOSFODNN7EXAMPLE']],
    ['crio', ['ENV-SECRET-1111']],
    ['podman', ['ENV-SECRET-1111', 'AKIAIOSFODNN7EXAMPLE']],
    ['attack', ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'AKIAIOSFODNN7EXAMPLE', '-----BEGIN RSA PRIVATE KEY-----']],
  ];
  for (const [name, planted] of values) {
    it(`of ${sampleNames[name]} holds none of them, in no form, and is read as before`, async () => {
      const archive = await readFile(sampleUrl(name));
      const before = await allBytes(archive);
      const there = planted.filter((value) => holds(before, value));
      expect(there).not.toEqual([]);
      const { copy, faults } = await redacted(archive, secrets);
      expect(faults).toEqual([]);
      const after = await allBytes(copy);
      expect(there.filter((value) => holds(after, value) && !value.startsWith('-----BEGIN'))).toEqual([]);
      if (name === 'attack') expect(/-----BEGIN RSA PRIVATE KEY-----[\r\n\\rn]+[A-Za-z0-9+/]{20}/.test(after.toString('latin1'))).toBe(false);
      const [one, other] = [await opened(memorySource(archive)), await opened(memorySource(copy))];
      expect(other.archive).toMatchObject({ compression: one.archive.compression, container: one.archive.container, gaps: one.archive.gaps });
      expect([...other.archive.entries.keys()]).toEqual(['icecore.redaction.json', ...one.archive.entries.keys()]);
      expect(other.snapshot.gaps).toEqual(one.snapshot.gaps);
      expect(other.snapshot.processes.map(({ pid, comm }) => ({ pid, comm }))).toEqual(one.snapshot.processes.map(({ pid, comm }) => ({ pid, comm })));
      for (const [image, { source }] of other.archive.images()) {
        if (/^(?:core|mm|files|fdinfo|pagemap|pstree|inventory)/.test(image)) expect((await decodeImage(source, image)).gaps).toEqual([]);
      }
    });
  }

  it('keeps the names of variables, the length of their values, and metadata that is JSON', async () => {
    const { copy } = await redacted(await readFile(sampleUrl('podman')), secrets);
    const { archive, snapshot } = await opened(memorySource(copy));
    const spec: { process: { env: string[] } } = JSON.parse(Buffer.from(await readAll(archive.entries.get('spec.dump')!.source)).toString('utf8'));
    expect(spec.process.env).toContain(`LAB_ENV_SECRET=${'*'.repeat('ENV-SECRET-1111'.length)}`);
    expect(valuesOf(snapshot.processes[0]!.environment).some((each) => each.startsWith('LAB_ENV_SECRET='))).toBe(true);
  });

  it('is told of by a manifest without a value', async () => {
    const archive = await readFile(sampleUrl('podman'));
    const { copy } = await redacted(archive, secrets);
    const { manifests: [manifest], faults } = await redactionsOf((await opened(memorySource(copy))).archive);
    expect(faults).toEqual([]);
    if (manifest === undefined) throw new Error('the copy has no manifest');
    expect(manifest.parent).toEqual(parentOf(archive));
    expect(manifest.copy).toBeUndefined();
    expect(manifest.removed.map((each) => each.kind === 'secret' && each.rule)).toEqual(expect.arrayContaining(['named_secret', 'aws_access_key_id']));
    expect(manifest.removed.every(({ places, place_count }) => places.length > 0 && places.length <= place_count)).toBe(true);
    expect(JSON.stringify(manifest)).not.toMatch(/EXAMPLE|ENV-SECRET/);
  });

  it('of a copy names the copy that it is of, and keeps what that was of', async () => {
    const archive = await readFile(sampleUrl('podman'));
    const first = await redacted(archive, { secrets: false, regions: [], files: ['ctr.log'] });
    const second = await redacted(first.copy, secrets);
    expect(second.faults).toEqual([]);
    const { manifests } = await redactionsOf((await opened(memorySource(second.copy))).archive);
    expect(manifests.map(({ parent }) => parent)).toEqual([parentOf(archive), parentOf(first.copy)]);
    expect(manifests[0]?.removed).toMatchObject([{ kind: 'file', path: 'ctr.log' }]);
  });

  it('that says something else of itself is not believed', async () => {
    const { archive } = await opened(memorySource((await redacted(await readFile(sampleUrl('podman')), secrets)).copy));
    const entry = archive.entries.get('icecore.redaction.json');
    if (entry === undefined) throw new Error('the copy has no manifest');
    const says = (text: string | Uint8Array) => redactionsOf({ entries: new Map([[entry.path, { ...entry, source: memorySource(Buffer.from(text)) }]]) });
    expect(await says('{"format":"icecore.redaction/2"}')).toEqual({ manifests: [], faults: ['icecore.redaction.json is no manifest of a redaction: it has another form'] });
    expect((await says('{')).faults).toHaveLength(1);
    expect((await says(new Uint8Array([0xff]))).faults).toHaveLength(1);
  });

  it('that has something left is found out', async () => {
    const archive = await readFile(sampleUrl('podman'));
    const redaction = await planRedaction(memorySource(archive), secrets, options);
    expect((await redaction.faults(memorySource(archive))).join('\n')).toMatch(/something that was to go is left: 15 bytes in checkpoint\/pages-1.img/);
    expect((await redaction.faults(memorySource(await readFile(sampleUrl('crio'))))).join('\n')).toMatch(/has not the entries that it had/);
  });
});

describe('a copy without a region of memory', () => {
  it('has zeros there, and no page of it elsewhere', async () => {
    const archive = await readFile(sampleUrl('podman'));
    const { snapshot } = await opened(memorySource(archive));
    const first = snapshot.processes[0]!;
    const heap = first.mappings.find(({ name }) => name === '[heap]')!;
    const { bytes } = await first.memory!.read(heap.start, Number(heap.end - heap.start));
    const pages = Array.from({ length: bytes.length / 4096 }, (_, i) => Buffer.from(bytes.subarray(4096 * i, 4096 * (i + 1)))).filter((page) => new Set(page).size > 4);
    expect(pages.length).toBeGreaterThan(0);
    const { copy, faults, redaction } = await redacted(archive, { secrets: false, regions: [{ pid: first.pid, start: heap.start, end: heap.end }], files: [] });
    expect(faults).toEqual([]);
    const all = await allBytes(copy);
    expect(pages.some((page) => all.includes(page))).toBe(false);
    const after = (await opened(memorySource(copy))).snapshot.processes[0]!;
    expect((await after.memory!.read(heap.start, bytes.length)).bytes.every((byte) => byte === 0)).toBe(true);
    expect(redaction.items).toMatchObject([{ kind: 'region', pid: first.pid, start: heap.start }]);
  });

  const refused: [string, RedactionChoice['regions'][number], RegExp][] = [
    ['of a process that is not there', { pid: 999, start: 0n, end: 4096n }, /no memory of a process 999/],
    ['that the archive holds nothing of', { pid: 1, start: 4096n, end: 8192n }, /holds nothing of 0x1000-0x2000/],
  ];
  it.each(refused)('%s is refused', async (_, region, reason) => {
    await expect(redacted(await readFile(sampleUrl('podman')), { secrets: false, regions: [region], files: [] })).rejects.toThrow(reason);
  });
});

describe('a copy without a file', () => {
  const files: [SampleName, string, string][] = [
    ['containerd', '/tmp/test-file', 'a change to the root file system, in a gzip within the archive'],
    ['podman', '/tmp/test-file', 'a change to the root file system'],
    ['attack', '/tmp/.xmrig', 'a deleted file that runs'],
    ['attack', '/etc/cron.d/.update-sys', 'a file that was added'],
    ['podman', 'ctr.log', 'an entry of the archive'],
  ];
  for (const [name, path, what] of files) {
    it(`holds nothing of ${what} (${path})`, async () => {
      const archive = await readFile(sampleUrl(name));
      const { archive: before, snapshot } = await opened(memorySource(archive));
      const hidden = (await snapshot.hiddenFiles()).find((each) => each.path.replace(/^\//, '') === path.slice(1));
      const changed = (await snapshot.changedFiles()).files.find((each) => each.path === path);
      const content = Buffer.from(await readAll(hidden?.source ?? changed?.entry?.source ?? before.entries.get(path)!.source));
      const { copy, faults } = await redacted(archive, { secrets: false, regions: [], files: [path] });
      expect(faults).toEqual([]);
      const all = await allBytes(copy);
      const pieces = Array.from({ length: Math.ceil(content.length / 4096) }, (_, i) => content.subarray(4096 * i, 4096 * (i + 1))).filter((piece) => piece.length >= 16 && new Set(piece).size >= 4);
      // Of a large file every so many pieces are looked for.
      const looked = pieces.filter((_, i) => i % Math.ceil(pieces.length / 20) === 0);
      expect(looked.filter((piece) => all.includes(piece))).toEqual([]);
      const after = (await opened(memorySource(copy))).snapshot;
      const left = (await after.changedFiles()).files.find((each) => each.path === path);
      if (left?.entry !== undefined) expect((await readAll(left.entry.source)).every((byte) => byte === 0)).toBe(true);
    });
  }

  it('that is not there is refused, and so is metadata as a whole', async () => {
    const archive = await readFile(sampleUrl('podman'));
    await expect(redacted(archive, { secrets: false, regions: [], files: ['/no/such'] })).rejects.toThrow(/holds no file/);
    await expect(redacted(archive, { secrets: false, regions: [], files: ['config.dump'] })).rejects.toThrow(/metadata/);
  });
});

describe('what cannot be redacted', () => {
  it('is said: an image, an archive that is cut short', async () => {
    await expect(redacted(await readFile(sampleUrl('image')), secrets)).rejects.toThrow(/is an image/);
    const whole = await readFile(sampleUrl('attack'));
    await expect(redacted(whole.subarray(0, whole.length - 100), secrets)).rejects.toThrow(/not whole/);
  });
});
