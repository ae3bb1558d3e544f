import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalBytes, type CustodyDraft, type CustodyEntry, inclusionProof, type Manifest, entryLeaf, parseEntry, parseManifest, provesInclusion, trustIn, verifyCapture } from './index.ts';
import { signEntry, signHead } from './ledger-entry.ts';
import { objectKeys, objectsOf, openLines, testCapture, testSigner, verified } from './capture.test-support.ts';
import { opensslAuthority } from './authority.test-support.ts';

const authority = opensslAuthority();
afterAll(() => authority.close());

const signer = testSigner();
const mine = await testCapture({ captureId: 'c1', signer, authority: authority.authority, certificates: [authority.certificate] });
const theirs = await testCapture({ captureId: 'c2', signer, authority: authority.authority, certificates: [authority.certificate] });
const original = await objectsOf(mine.vault);
const others = await objectsOf(theirs.vault);
const { trust } = mine;
const capture = mine.sealed.captureKey;
const other = theirs.sealed.captureKey;

type Objects = Map<string, Uint8Array>;
const archive = objectKeys.archive(capture);
const manifest = objectKeys.manifest(capture);
const entry = (seq: number): string => objectKeys.entry(capture, seq);
const head = (seq: number): string => objectKeys.head(capture, seq);
const stamp = objectKeys.timestamp(capture);
const side = objectKeys.side(capture, 'pod.json');
const derived = objectKeys.derived(capture, 'processes.parquet');
const everything = [archive, manifest, ...[1, 2, 3, 4, 5, 6].flatMap((seq) => [entry(seq), head(seq)]), stamp, side, derived];

/** Ways to change a capture, with the place that must be named and a word of the reason. */
type Case = readonly [title: string, change: (objects: Objects) => void | Promise<void>, place: string, reason?: RegExp];

const flip = (key: string, at: (length: number) => number) => (objects: Objects): void => {
  const bytes = Uint8Array.from(objects.get(key)!);
  bytes[at(bytes.length)]! ^= 1;
  objects.set(key, bytes);
};
/** What the cases below change: any field, of a manifest or of an entry. */
type Changeable = { -readonly [Name in keyof Manifest]: Manifest[Name] } & { -readonly [Name in keyof CustodyEntry]: CustodyEntry[Name] } & { more: number };
/** Changes a field of a JSON object and writes it in canonical form: only hashes and signatures can tell. */
const edit = (key: string, change: (value: Changeable) => void) => (objects: Objects): void => {
  const value: Changeable = JSON.parse(Buffer.from(objects.get(key)!).toString('utf8'));
  change(value);
  objects.set(key, canonicalBytes(value));
};
const swap = (left: string, right: string) => (objects: Objects): void => {
  const [a, b] = [objects.get(left)!, objects.get(right)!];
  objects.set(left, b);
  objects.set(right, a);
};
const resigned = (seq: number, change: () => Partial<CustodyDraft>) => async (objects: Objects): Promise<void> => {
  const { captureId, previous, action, actor, tool, subjects, parents, reason } = parseEntry(objects.get(entry(seq))!);
  const draft = { action, actor, tool, subjects, parents, reason };
  objects.set(entry(seq), canonicalBytes(await signEntry({ ...draft, ...change() }, { captureId, seq, previous, at: new Date(0) }, signer)));
};

const cases: readonly Case[] = [
  ...everything.flatMap((key): Case[] => [
    [`a bit at the beginning of ${key.slice(capture.length)}`, flip(key, () => 0), key],
    [`a bit in the middle of ${key.slice(capture.length)}`, flip(key, (length) => length >> 1), key === archive || key === manifest ? key : key],
    [`a bit at the end of ${key.slice(capture.length)}`, flip(key, (length) => length - 1), key],
  ]),
  ['an archive that is gone', (objects) => void objects.delete(archive), archive, /no such object/],
  ['an archive that is cut', (objects) => void objects.set(archive, objects.get(archive)!.subarray(0, -3)), archive, /bytes, and the manifest says/],
  ['an archive that has grown', (objects) => void objects.set(archive, Buffer.concat([objects.get(archive)!, Buffer.from('x')])), archive, /bytes, and the manifest says/],
  ['the archive of another capture', (objects) => void objects.set(archive, others.get(objectKeys.archive(other))!), archive, /SHA-256/],
  ['a manifest that is gone', (objects) => void objects.delete(manifest), manifest, /missing/],
  ['the manifest of another capture', (objects) => void objects.set(manifest, others.get(objectKeys.manifest(other))!), `${manifest}#captureId`, /capture c2/],
  ['a manifest that names another node', edit(manifest, (value) => (value.where.node = 'n2')), manifest, /not the manifest that was sealed/],
  ['a manifest that gives another reason', edit(manifest, (value) => (value.why.reason = 'none')), manifest, /not the manifest that was sealed/],
  ['a manifest that gives another time', edit(manifest, (value) => (value.when.takenAt = '2020-01-01T00:00:00.000Z')), manifest, /not the manifest that was sealed/],
  ['a manifest without its gap', edit(manifest, (value) => value.gaps.pop()), manifest, /not the manifest that was sealed/],
  ['a manifest with another hash of the archive', edit(manifest, (value) => (value.archive.sha256 = '0'.repeat(64))), archive, /manifest says/],
  ['a manifest with another checksum of the archive', edit(manifest, (value) => (value.archive.crc64nvme = '0'.repeat(16))), `${manifest}#archive.crc64nvme`],
  ['a manifest with another archive key', edit(manifest, (value) => (value.archive.key = objectKeys.archive(other))), `${manifest}#archive.key`],
  ['a manifest without an entry', edit(manifest, (value) => value.entries.pop()), `${manifest}#entriesRoot`],
  ['a manifest with an entry more', edit(manifest, (value) => value.entries.push(value.entries[0]!)), `${manifest}#entriesRoot`],
  ['a manifest with two entries swapped', edit(manifest, (value) => value.entries.reverse()), `${manifest}#entriesRoot`],
  ['a manifest with another hash of an entry', edit(manifest, (value) => (value.entries[1]!.sha256 = '0'.repeat(64))), `${manifest}#entriesRoot`],
  ['a manifest with another root', edit(manifest, (value) => (value.entriesRoot = '0'.repeat(64))), `${manifest}#entriesRoot`],
  ['a manifest without what lies beside', edit(manifest, (value) => (value.side = [])), manifest, /not the manifest that was sealed/],
  ['a manifest that names the side evidence of another capture', edit(manifest, (value) => (value.side[0]!.key = objectKeys.side(other, 'pod.json'))), `${manifest}#side`],
  ['a manifest with a space in it', (objects) => void objects.set(manifest, Buffer.concat([objects.get(manifest)!, Buffer.from(' ')])), manifest, /canonical/],
  ['a manifest with a field that is not known', edit(manifest, (value) => (value.more = 1)), manifest, /form/],
  ['side evidence that is gone', (objects) => void objects.delete(side), side, /no such object/],
  ['the side evidence of another capture', (objects) => void objects.set(side, others.get(objectKeys.side(other, 'pod.json'))!), side, /manifest says/],
  ['side evidence that nobody sealed', (objects) => void objects.set(objectKeys.side(capture, 'events.json'), Buffer.from('{}')), objectKeys.side(capture, 'events.json'), /where it comes from/],
  ['a derived file that is gone', (objects) => void objects.delete(derived), derived, /missing, and the ledger says/],
  ['the derived file of another capture', (objects) => void objects.set(derived, others.get(objectKeys.derived(other, 'processes.parquet'))!), derived, /another SHA-256/],
  ['a derived file that nothing derived', (objects) => void objects.set(objectKeys.derived(capture, 'report.html'), Buffer.from('x')), objectKeys.derived(capture, 'report.html'), /where it comes from/],
  ['a file at the top that nothing speaks of', (objects) => void objects.set(`${capture}notes`, Buffer.from('x')), `${capture}notes`, /where it comes from/],
  ...[1, 2, 3, 4, 5, 6].map((seq): Case => [`entry ${seq} dropped`, (objects) => void objects.delete(entry(seq)), entry(seq), /missing/]),
  ...[1, 2, 3, 4, 5].map((seq): Case => [`entries ${seq} and ${seq + 1} swapped`, swap(entry(seq), entry(seq + 1)), entry(seq), new RegExp(`is entry ${seq + 1}, in the place of entry ${seq}`)]),
  ...[1, 3, 6].map((seq): Case => [`entry ${seq} doubled at the end`, (objects) => void objects.set(entry(7), objects.get(entry(seq))!), entry(7), new RegExp(`is entry ${seq}, in the place of entry 7`)]),
  ...[1, 4, 6].map((seq): Case => [`entry ${seq} of another capture`, (objects) => void objects.set(entry(seq), others.get(objectKeys.entry(other, seq))!), entry(seq), /capture c2/]),
  ['the last two entries dropped, and the head of one', (objects) => [entry(5), entry(6), head(6)].forEach((key) => objects.delete(key)), entry(5), /the ledger was longer once/],
  ['the head of another capture', (objects) => void objects.set(head(2), others.get(objectKeys.head(other, 2))!), head(2), /capture c2/],
  ['a head in the place of another', (objects) => void objects.set(head(2), objects.get(head(3))!), head(2), /is about entry 3/],
  ['an entry with another action', edit(entry(6), (value) => (value.action = 'verified')), entry(6), /hash/],
  ['an entry with another moment', edit(entry(2), (value) => (value.at = '2026-03-01T10:00:00.000Z')), entry(2), /hash/],
  ['an entry with another actor', edit(entry(6), (value) => (value.actor.id = 'eve')), entry(6), /hash/],
  ['an entry with another hash', edit(entry(3), (value) => (value.hash = '0'.repeat(64))), entry(3), /hash/],
  ['an entry with another entry’s signature', (objects) => edit(entry(3), (value) => (value.signature = parseEntry(original.get(entry(2))!).signature))(objects), entry(3), /signature/],
  ['an entry without a signature', edit(entry(3), (value) => Reflect.deleteProperty(value, 'signature')), entry(3), /form/],
  ['an entry that names another key', edit(entry(3), (value) => (value.keyId = 'sha256:00')), entry(3), /hash/],
  ['an entry that names another algorithm', edit(entry(3), (value) => (value.algorithm = 'ecdsa-p256-sha256')), entry(3), /hash/],
  ['an entry signed anew by the same key', resigned(2, () => ({ reason: 'another' })), entry(3), /does not follow/],
  ['a last entry signed anew by the same key', resigned(6, () => ({ reason: 'another' })), entry(6), /not the entry that the ledger ended with/],
  ['a derived entry that names a parent of another capture', resigned(5, () => ({ parents: [{ key: objectKeys.archive(other), sha256: theirs.sealed.manifest.archive.sha256 }] })), entry(6), /does not follow/],
  ['a ledger entry under a name that is none', (objects) => void objects.set(`${capture}ledger/7.json`, objects.get(entry(1))!), `${capture}ledger/7.json`, /belong/],
  ['a time stamp that is gone', (objects) => void objects.delete(stamp), stamp, /missing/],
  ['the time stamp of another capture', (objects) => void objects.set(stamp, others.get(objectKeys.timestamp(other))!), stamp, /not the time stamp/],
];

describe('verify', () => {
  it('says that a capture holds, and what was looked at', async () => {
    expect(await verified(original, capture, trust)).toMatchObject({ holds: true, checked: { entries: 3, ledgerEntries: 6, side: 1, derived: 1, timestamps: [expect.stringMatching(/^20/)], unchecked: [] } });
  });

  it.each(cases.map(([title, change, place, reason]) => ({ title, change, place, reason: reason ?? /./ })))('finds $title', async ({ change, place, reason }) => {
    const objects = new Map(original);
    await change(objects);
    const report = await verified(objects, capture, trust);
    expect(report).toMatchObject({ holds: false, place, reason: expect.stringMatching(reason) });
  });

  it('has at least sixty such cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
  });

  it('finds a spare bit of a signature’s last character, which its bytes do not have', async () => {
    for (const key of [entry(3), head(3)]) {
      const text = Buffer.from(original.get(key)!).toString('latin1');
      const changed = text.replace(/([AQgw])(==")/, (_, last: string, rest: string) => String.fromCharCode(last.charCodeAt(0) + 1) + rest);
      const objects = new Map(original).set(key, Buffer.from(changed, 'latin1'));
      expect(changed).not.toBe(text);
      expect(await verified(objects, capture, trust)).toMatchObject({ holds: false, place: key });
    }
  });

  it('finds any one bit that is another one, in any object', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...everything), fc.nat(), fc.integer({ min: 0, max: 7 }), async (key, place, bit) => {
        const objects = new Map(original);
        const bytes = Uint8Array.from(objects.get(key)!);
        bytes[place % bytes.length]! ^= 1 << bit;
        objects.set(key, bytes);
        const report = await verified(objects, capture, trust);
        expect(report).toMatchObject({ holds: false });
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  it('finds a ledger that was cut together with its heads by what is known of it from elsewhere', async () => {
    const objects = new Map(original);
    const last = parseEntry(objects.get(entry(6))!);
    for (const key of [entry(6), head(6)]) objects.delete(key);
    expect(await verified(objects, capture, trust)).toMatchObject({ holds: true });
    expect(await verified(objects, capture, trust, { expectedHeads: [{ seq: 6, head: last.hash }] })).toMatchObject({ holds: false, place: entry(6), reason: expect.stringContaining('ends with entry 5') });
    expect(await verified(objects, capture, trust, { expectedHeads: [{ head: last.hash }] })).toMatchObject({ holds: false, place: `${capture}ledger/`, reason: expect.stringContaining(last.hash) });
    for (const expected of [{ head: last.hash }, { seq: 6, head: last.hash }, { head: parseEntry(original.get(entry(3))!).hash }]) {
      expect(await verified(original, capture, trust, { expectedHeads: [expected] })).toMatchObject({ holds: true });
    }
    expect(await verified(original, capture, trust, { expectedHeads: [{ seq: 5, head: last.hash }] })).toMatchObject({ holds: false, place: entry(5) });
  });

  it('believes no key that is not pinned, whatever the evidence says', async () => {
    expect(await verified(original, capture, trustIn(testSigner()))).toMatchObject({ holds: false, place: entry(1), reason: expect.stringContaining('is not trusted') });
  });

  it('finds a forged ledger that another key signed', async () => {
    const forged = await testCapture({ captureId: 'c1', signer: testSigner() });
    const report = await verifyCapture(forged.vault, forged.sealed.captureKey, trust, { openEntries: openLines });
    expect(report).toMatchObject({ holds: false, place: entry(1) });
  });

  it('finds a derived entry whose parent is of another capture, also where all is signed well', async () => {
    const objects = new Map([...original].filter(([key]) => key !== entry(6) && key !== head(6)));
    await resigned(5, () => ({ parents: [{ key: objectKeys.archive(other), sha256: theirs.sealed.manifest.archive.sha256 }] }))(objects);
    objects.set(head(5), canonicalBytes(await signHead(parseEntry(objects.get(entry(5))!), new Date(0), signer)));
    expect(await verified(objects, capture, trust)).toMatchObject({ holds: false, place: entry(5), reason: expect.stringContaining('not of this capture') });
  });

  it('finds a time stamp of other bytes, also where the capture was sealed with it and all is signed well', async () => {
    const lying = { stamp: () => authority.authority.stamp(createHash('sha256').update('another manifest').digest()) };
    const { vault, sealed, trust: trusted } = await testCapture({ captureId: 'c1', signer, authority: lying, certificates: [authority.certificate] });
    expect(await verifyCapture(vault, sealed.captureKey, trusted, { openEntries: openLines })).toMatchObject({ holds: false, place: stamp, reason: expect.stringContaining('is no time stamp that holds') });
  });

  it.each([
    ['two captures of one cluster with their manifests swapped', ['manifest.json']],
    ['two captures of one cluster with archive and manifest swapped', ['archive.tar', 'manifest.json']],
    ['two captures of one cluster with their ledgers and heads swapped', ['ledger/', 'heads/']],
    ['two captures of one cluster with all but their names swapped', ['']],
  ])('finds %s, in both', async (_title, names) => {
    const both = new Map([...original, ...others]);
    const swapped = new Map(both);
    const exchange = (from: string, to: string): void => {
      for (const [key, bytes] of both) if (names.some((name) => key.startsWith(from + name))) swapped.set(to + key.slice(from.length), bytes);
    };
    exchange(capture, other);
    exchange(other, capture);
    for (const each of [capture, other]) {
      expect(await verified(both, each, trust)).toMatchObject({ holds: true });
      expect(await verified(swapped, each, trust)).toMatchObject({ holds: false, place: expect.stringContaining(each) });
    }
  });

  it('goes on after the first fault and lists the rest', async () => {
    const objects = new Map(original);
    for (const key of [archive, side, entry(2), derived]) flip(key, () => 5)(objects);
    const report = await verified(objects, capture, trust);
    expect(report.holds ? [] : [report.place, ...report.more.map(({ place }) => place)]).toEqual(expect.arrayContaining([archive, side, entry(2), derived]));
  });

  it('says of a vault without the capture what is not there', async () => {
    expect(await verified(new Map(), capture, trust)).toMatchObject({ holds: false, place: manifest, reason: 'is missing' });
  });

  it('proves one entry without the others', () => {
    const { entries, entriesRoot } = parseManifest(original.get(manifest)!);
    const leaves = entries.map(entryLeaf);
    for (const [i, leaf] of leaves.entries()) expect(provesInclusion(leaf, i, leaves.length, inclusionProof(leaves, i), entriesRoot)).toBe(true);
  });
});
