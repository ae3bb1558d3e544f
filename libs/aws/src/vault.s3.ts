import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { memorySource, readAll } from '@icecore/bytes';
import { vaultContract } from '@icecore/evidence';
import { storeContract } from '@icecore/lake';
import { s3LakeStore, s3Vault } from './index.ts';
import { describeWithServer, newBucket, serverClient } from './s3-server.test-support.ts';

const client = serverClient();
const lock = { retainUntil: new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000), held: false };

describeWithServer('against a real S3 server with Object Lock', () => {
  afterAll(() => client.destroy());

  describe('the vault', () => {
    it.each(vaultContract())('$title', async ({ check }) => {
      await expect(check(s3Vault({ client, bucket: await newBucket(client, true), partBytes: 5 * 2 ** 20 }))).resolves.toBeUndefined();
    });

    it('keeps to its folder of the bucket', async () => {
      const bucket = await newBucket(client, true);
      await s3Vault({ client, bucket, prefix: 'one' }).put('a/b', memorySource(new Uint8Array(3)), { lock });
      expect(await s3Vault({ client, bucket, prefix: 'two' }).describe('a/b')).toBeUndefined();
      expect((await s3Vault({ client, bucket }).describe('one/a/b'))?.bytes).toBe(3);
    });

    it('shows the evidence after somebody deleted it by its name, and refuses its deletion by version', async () => {
      const bucket = await newBucket(client, true);
      const vault = s3Vault({ client, bucket });
      await vault.put('a/b', memorySource(new Uint8Array([1, 2, 3])), { lock });
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a/b' }));
      expect(await readAll(await vault.open('a/b'))).toEqual(new Uint8Array([1, 2, 3]));
      await expect(vault.put('a/b', memorySource(new Uint8Array(1)), { lock })).rejects.toMatchObject({ code: 'exists' });
      const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      await expect(client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a/b', VersionId: Versions?.[0]?.VersionId }))).rejects.toMatchObject({ name: 'AccessDenied' });
    });
  });

  describe('the lake', () => {
    it.each(storeContract)('$title', async ({ check }) => {
      await expect(check(s3LakeStore({ client, bucket: await newBucket(client, false), prefix: 'lake' }))).resolves.toBeUndefined();
    });
  });
});
