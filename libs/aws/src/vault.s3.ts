import { createHash } from 'node:crypto';
import { DeleteObjectCommand, HeadObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { memorySource, readAll } from '@icecore/bytes';
import { vaultContract } from '@icecore/evidence';
import { compactLake, defineTable, encodeParquet, openPart, partPath, storeContract, text } from '@icecore/lake';
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

    it('keeps a part that is written anew while it is being removed', async () => {
      const bucket = await newBucket(client, false);
      const [old, anew] = [Buffer.from('old'), Buffer.from('anew')];
      await s3LakeStore({ client, bucket }).writePart('v1/a', old);
      const late = serverClient();
      late.middlewareStack.add((next, { commandName }) => async (call) => {
        if (commandName === 'DeleteObjectCommand') {
          await s3LakeStore({ client, bucket }).writePart('v1/a', anew);
          // The server does not look at the condition of a delete; S3 does.
          const { ETag } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'v1/a' }));
          const asked: unknown = Reflect.get(call.input, 'IfMatch');
          if (asked !== undefined && asked !== ETag) throw Object.assign(new Error('PreconditionFailed'), { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
        }
        return next(call);
      }, { step: 'initialize' });
      expect(await s3LakeStore({ client: late, bucket }).removePart('v1/a', createHash('sha256').update('old').digest('hex'))).toBe(false);
      expect(await readAll(await s3LakeStore({ client, bucket }).open('v1/a'))).toEqual(new Uint8Array(anew));
      late.destroy();
    });

    it('is compacted, and gives back the parts that went in', async () => {
      const store = s3LakeStore({ client, bucket: await newBucket(client, false), prefix: 'lake' });
      const table = defineTable({ name: 'notes', description: 'A note.', version: 1, columns: { note: text('The note.') }, sortBy: ['note'] });
      const unknown = { captured_at: null, cluster: null, node: null, namespace: null, pod: null, container: null, container_id: null, image: null, archive_sha256: null };
      const parts = ['c1', 'c2', 'c3'].map((captureId) => ({ path: partPath({ table: 'notes', tenant: 'shop', date: '2026-03-04', captureId, part: 0 }), bytes: encodeParquet(table, [{ ...unknown, capture_id: captureId, note: `of ${captureId}` }]) }));
      for (const { path, bytes } of parts) await store.writePart(path, bytes);
      const report = await compactLake({ store, tables: [table], clock: () => new Date('2026-03-05T03:00:00Z'), graceSeconds: 0 });
      expect(report).toMatchObject({ written: 1, inputParts: 3, outputParts: 1, switched: 1, removedParts: 3, waiting: 0, left: [] });
      const left: string[] = [];
      for await (const { path } of store.list('')) left.push(path.replace(/compacted-[^/]*/, 'compacted'));
      expect(left).toEqual(['v1/compactions/tenant=shop/dt=2026-03-04/compacted', 'v1/notes/tenant=shop/dt=2026-03-04/compacted']);
      for (const { path, bytes } of parts) expect(await readAll(await openPart(store, [table], path))).toEqual(bytes);
    });
  });
});
