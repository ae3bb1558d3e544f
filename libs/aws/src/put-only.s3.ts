import { generateKeyPairSync, sign } from 'node:crypto';
import { AbortMultipartUploadCommand, CreateMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, ListObjectVersionsCommand, ListPartsCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { memorySource, sliceSource } from '@icecore/bytes';
import { keyIdOf, objectKeys, type PutJournal, sealCapture, type SealInput, type Signer, trustIn, verifyCapture } from '@icecore/evidence';
import { s3PutOnlyVault, s3Vault } from './index.ts';
import { memoryJournal } from './memory-journal.test-support.ts';
import { type Gate, startGate } from './s3-gate.ts';
import { describeWithServer, newBucket, serverClient, serverEndpoint } from './s3-server.test-support.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer: Signer = { keyId: keyIdOf(publicKey), algorithm: 'ed25519', publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), sign: async (bytes) => sign(null, bytes, privateKey) };

const owner = serverClient();
const partBytes = 5 * 2 ** 20;
const own = 'clusters/a1/prod/';
const capture = `${own}2026-03-01/c1/`;
const lock = { retainUntil: new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000), held: true };
const archive = memorySource(new Uint8Array(2 * partBytes + 4711).map((_, i) => i * i));
const halves = [sliceSource(archive, 0, partBytes), sliceSource(archive, partBytes, archive.size)].map((source, i) => ({ rawPath: `pages-${i}.img`, type: 'file', source }));

/** Stands before the server, and refuses what must not overwrite and would. */
let gate: Gate | undefined;

/** What breaks a sealing: the request of this number, before it goes out or when its answer comes. */
interface Break {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** The cluster's role: put, give up, lock and hold below its own folder. */
async function bucketForWriter(): Promise<string> {
  const bucket = await newBucket(owner, true);
  const arn = `arn:aws:s3:::${bucket}`;
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam:::user/writer'] }, Action: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:PutObjectRetention', 's3:PutObjectLegalHold'], Resource: [`${arn}/${own}*`] },
    // Here an object belongs to whoever put it, with all rights; in S3 to the bucket's owner, where the bucket says so.
    { Effect: 'Deny', Principal: { AWS: ['arn:aws:iam:::user/writer'] }, Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads', 's3:ListMultipartUploadParts', 's3:DeleteObject', 's3:DeleteObjectVersion'], Resource: [arn, `${arn}/*`] },
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam:::user/t'] }, Action: ['s3:*'], Resource: [arn, `${arn}/*`] },
  ];
  await owner.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
  return bucket;
}

/** A client of the cluster's role, which counts its requests, and breaks off where that is asked. */
function writerClient(broken?: Break, endpoint = gate?.endpoint ?? 'http://127.0.0.1:9'): { readonly client: S3Client; readonly sent: string[] } {
  const sent: string[] = [];
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'writer', secretAccessKey: 'writerwriter' }, maxAttempts: 1, requestChecksumCalculation: 'WHEN_REQUIRED' });
  client.middlewareStack.add(
    (next, { commandName }) => async (args) => {
      const number = sent.push(commandName ?? '');
      if (broken?.at === number && broken.when === 'before') throw new Error('the power went');
      const answer = await next(args);
      if (broken?.at === number) throw new Error('the power went');
      return answer;
    },
    { step: 'initialize', name: 'counted' },
  );
  return { client, sent };
}

async function sealOnce(bucket: string, journal: PutJournal, broken?: Break): Promise<{ readonly fresh: boolean; readonly sent: string[] }> {
  const { client, sent } = writerClient(broken);
  const input: SealInput = {
    captureId: 'c1', archive, entries: halves, gaps: [], takenAt: new Date('2026-03-01T10:00:00Z'), timeSource: 'node', clockOffsetMs: 0, by: 'node role', lock, tools: [{ name: 'icecore', version: '0.1.0' }],
    side: [{ name: 'pod.json', kind: 'pod specification', bytes: new TextEncoder().encode('{}') }],
    where: { account: 'a1', cluster: 'prod', node: 'n1', namespace: null, pod: null, podUid: null, container: null, containerId: null, image: null, imageDigest: null },
    why: { alert: null, policy: null, case: null, reason: null },
  };
  try {
    const { fresh } = await sealCapture(s3PutOnlyVault({ client, bucket, journal, partBytes, partsAtOnce: 2 }), signer, () => new Date(), input);
    return { fresh, sent };
  } finally {
    client.destroy();
  }
}

/** What the owner of the vault finds: that all of it holds, is locked and held, is there once, and that nothing is left over. */
async function expectWhole(bucket: string): Promise<void> {
  const vault = s3Vault({ client: owner, bucket });
  expect(await verifyCapture(vault, capture, trustIn(signer), { openEntries: async () => halves })).toMatchObject({ holds: true, checked: { entries: 2, ledgerEntries: 4, side: 1 } });
  for await (const object of vault.list('')) expect(object.lock).toEqual(lock);
  const { Versions = [] } = await owner.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  expect(Versions.map(({ Key }) => Key)).toEqual([...new Set(Versions.map(({ Key }) => Key))]);
}

/** True for an object that the bucket has, by the path of its URL. */
async function taken(path: string): Promise<boolean> {
  const [, bucket = '', ...key] = path.split('/');
  return (await s3Vault({ client: owner, bucket }).describe(key.join('/'))) !== undefined;
}

describeWithServer('a role that may only put', () => {
  beforeAll(async () => {
    gate = await startGate(serverEndpoint ?? '', { taken });
  });
  afterAll(async () => {
    owner.destroy();
    await gate?.close();
  });

  it('can neither read nor list what it wrote, nor put elsewhere', async () => {
    const bucket = await bucketForWriter();
    const { client } = writerClient();
    const mine = { Bucket: bucket, Key: `${own}x` };
    await client.send(new PutObjectCommand({ ...mine, Body: 'x', IfNoneMatch: '*' }));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...mine, Key: `${own}y` }));
    const below = { Bucket: bucket, Prefix: own };
    for (const refused of [
      () => client.send(new GetObjectCommand(mine)), () => client.send(new ListObjectsV2Command(below)), () => client.send(new ListObjectVersionsCommand(below)), () => client.send(new ListMultipartUploadsCommand(below)),
      () => client.send(new ListPartsCommand({ ...mine, Key: `${own}y`, UploadId })), () => client.send(new DeleteObjectCommand(mine)), () => client.send(new PutObjectCommand({ Bucket: bucket, Key: 'clusters/a1/other/x', Body: 'x' })),
    ]) await expect(refused()).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(client.send(new HeadObjectCommand(mine))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(client.send(new AbortMultipartUploadCommand({ ...mine, UploadId: 'u' }))).rejects.toMatchObject({ name: 'NoSuchUpload' });
    client.destroy();
  });

  it('can ask whether it is let in, without putting anything', async () => {
    const { client } = writerClient();
    const bucket = await bucketForWriter();
    const vault = s3PutOnlyVault({ client, bucket, journal: memoryJournal() });
    await expect(vault.reach(`${own}probe`)).resolves.toBeUndefined();
    await expect(vault.reach('clusters/a1/other/probe')).rejects.toMatchObject({ code: 'refused' });
    client.destroy();
  });

  it('seals a capture with nothing but puts, and its owner finds it whole', async () => {
    const bucket = await bucketForWriter();
    const journal = memoryJournal();
    const { fresh, sent } = await sealOnce(bucket, journal);
    expect(fresh).toBe(true);
    expect(new Set(sent)).toEqual(new Set(['CreateMultipartUploadCommand', 'UploadPartCommand', 'CompleteMultipartUploadCommand', 'PutObjectRetentionCommand', 'PutObjectLegalHoldCommand', 'PutObjectCommand']));
    await expectWhole(bucket);
    expect(await sealOnce(bucket, journal)).toEqual({ fresh: false, sent: [] });
  });

  it('takes a sealing up after any of its requests was the last, or its answer was lost', async () => {
    const { sent: all } = await sealOnce(await bucketForWriter(), memoryJournal());
    const breaks = all.flatMap((_, i) => (['before', 'after'] as const).map((when): Break => ({ at: i + 1, when })));
    for (const broken of breaks) {
      const [bucket, journal] = [await bucketForWriter(), memoryJournal()];
      await expect(sealOnce(bucket, journal, broken)).rejects.toThrow('the power went');
      const { sent } = await sealOnce(bucket, journal);
      await expectWhole(bucket);
      // Parts that the store has are not sent again: but for the one whose answer was lost.
      if (broken.at > 4) expect(sent.filter((name) => name === 'UploadPartCommand').length).toBeLessThanOrEqual(1);
    }
    process.stderr.write(`a sealing with puts alone was broken off at ${breaks.length} places, and taken up each time\n`);
  }, 600_000);

  it.each(['archive', 'manifest'] as const)('is refused where another put something under the key of its %s', async (name) => {
    const [bucket, journal] = [await bucketForWriter(), memoryJournal()];
    await owner.send(new PutObjectCommand({ Bucket: bucket, Key: objectKeys[name](capture), Body: 'other', ChecksumAlgorithm: 'CRC32' }));
    for (let again = 0; again < 2; again += 1) await expect(sealOnce(bucket, journal)).rejects.toMatchObject({ code: 'refused' });
    const { Uploads = [] } = await owner.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
  });
});
