import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { s3ClientFor, s3Vault } from '@icecore/aws';
import { type Gate, startGate } from '@icecore/aws/s3-gate';
import { icecore, repository } from './command-line.ts';
import { evidenceFaults } from './evidence-check.test-support.ts';
import { recordedCheckpointer, type Rehearsal, type RoleProcess, startRehearsal } from './index.ts';
import { capturingPolicy } from './samples.test-support.ts';

const endpoint = process.env['ICECORE_S3_ENDPOINT'];
const bucket = `puts-${randomBytes(6).toString('hex')}`;
const owner = s3ClientFor(process.env);
const opened = s3Vault({ client: owner, bucket });
/** What the writer asked the server for: operations, by the method. */
const asked: string[] = [];
let onAsked: (operation: string) => void = () => undefined;
let gate: Gate;
let rehearsal: Rehearsal;
let node: RoleProcess;

/** The role of a cluster: puts, gives up, locks and holds below its own folder, and nothing else. */
async function bucketForWriter(): Promise<void> {
  await owner.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
  const all = `arn:aws:s3:::${bucket}`;
  const user = (name: string): object => ({ AWS: [`arn:aws:iam:::user/${name}`] });
  const reading = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads', 's3:ListMultipartUploadParts', 's3:DeleteObject', 's3:DeleteObjectVersion'];
  const Statement = [
    { Effect: 'Allow', Principal: user('writer'), Action: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:PutObjectRetention', 's3:PutObjectLegalHold'], Resource: [`${all}/clusters/local/rehearsal/*`] },
    // Here an object belongs to whoever put it, with all rights; in S3 to the bucket's owner, where the bucket says so.
    { Effect: 'Deny', Principal: user('writer'), Action: reading, Resource: [all, `${all}/*`] },
    { Effect: 'Allow', Principal: user('t'), Action: ['s3:*'], Resource: [all, `${all}/*`] },
  ];
  await owner.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

/** Files that the role keeps of its puts. */
function remembered(): string[] {
  return readdirSync(join(rehearsal.folder, 'state'), { recursive: true, withFileTypes: true }).filter((each) => each.isFile() && each.parentPath.includes('/puts')).map(({ name }) => name);
}

async function startedNode(env: Readonly<Record<string, string>> = {}): Promise<RoleProcess> {
  const started = rehearsal.start('node', env);
  await started.ready;
  return started;
}

(endpoint === undefined ? describe.skip : describe)('the node role where it may only put into the vault', () => {
  beforeAll(async () => {
    await bucketForWriter();
    gate = await startGate(endpoint ?? '', {
      delayMs: 5,
      taken: async (path) => (await opened.describe(path.slice(`/${bucket}/`.length))) !== undefined,
      onStep(_, operation, step) {
        if (step !== 'arrived') return;
        asked.push(operation);
        onAsked(operation);
      },
    });
    const env = { ICECORE_VAULT_ACCESS: 'put', AWS_ENDPOINT_URL_S3: gate.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'writer', AWS_SECRET_ACCESS_KEY: 'writerwriter' };
    rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer: recordedCheckpointer(join(repository, 'samples/podman-attack.tar.zst'), () => 100), vault: { place: `s3://${bucket}`, opened, env } });
    for (const name of ['whole', 'killed-early', 'killed-late', 'elsewhere']) rehearsal.addPod({ namespace: 'shop', name, containers: ['app'] });
    node = await startedNode();
  });
  afterAll(async () => {
    await rehearsal?.stop();
    await gate?.close();
    owner.destroy();
  });
  const capture = (pod: string): ReturnType<typeof icecore> => icecore(['capture', `shop/${pod}`, '--no-wait'], { env: { KUBECONFIG: rehearsal.kubeconfigs.operator } });
  const sealed = (count: number): Promise<unknown> => rehearsal.until((all) => all.length >= count && all.every(({ status, metadata }) => status.phase === 'sealed' && metadata.finalizers?.length === 0), 60_000);

  it('seals a capture with nothing but puts; the owner finds it whole, and the node keeps nothing', async () => {
    expect(await capture('whole')).toMatchObject({ code: 0 });
    await sealed(1);
    expect(await evidenceFaults(rehearsal, rehearsal.captures())).toEqual([]);
    expect([rehearsal.archives(), remembered()]).toEqual([[], []]);
    expect(asked).toContain('PUT partNumber');
    // The DELETE gives up an upload that there never was, which asks whether the store lets this role in.
    expect([...new Set(asked)].sort()).toEqual(['DELETE uploadId', 'POST uploadId', 'POST uploads', 'PUT', 'PUT partNumber', 'PUT retention']);
  });

  it.each([
    ['killed-early', 'PUT partNumber', 2],
    ['killed-late', 'PUT', 3],
  ])('finishes, once it is back, what it was killed in the middle of: %s', async (pod, operation, count) => {
    const before = rehearsal.captures().length;
    const struck = new Promise<void>((resolve) => {
      let seen = 0;
      onAsked = (each) => {
        if (each !== operation || (seen += 1) !== count) return;
        onAsked = () => undefined;
        resolve(node.kill());
      };
    });
    expect(await capture(pod)).toMatchObject({ code: 0 });
    await struck;
    expect(rehearsal.archives()).toHaveLength(1);
    node = await startedNode();
    await sealed(before + 1);
    expect(await evidenceFaults(rehearsal, rehearsal.captures())).toEqual([]);
    expect([rehearsal.archives(), remembered()]).toEqual([[], []]);
  });

  it('says that the vault does not let it in where its prefix is another, and puts nothing', async () => {
    await node.stop();
    node = await startedNode({ ICECORE_CLUSTER: 'another' });
    expect(await capture('elsewhere')).toMatchObject({ code: 0 });
    const [refused] = (await rehearsal.until((all) => all.some(({ spec, status }) => spec.target.pod === 'elsewhere' && (status.reason ?? '') !== '' && status.phase !== 'pending'), 60_000)).filter(({ spec }) => spec.target.pod === 'elsewhere');
    expect(refused?.status).toMatchObject({ message: expect.stringMatching(/AccessDenied/) });
    expect((await opened.list('clusters/local/another/')[Symbol.asyncIterator]().next()).done).toBe(true);
  });
});
