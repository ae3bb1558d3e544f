import { S3Client } from '@aws-sdk/client-s3';
import { filledSource } from '@icecore/bytes';
import { type StoredObject, VaultError } from '@icecore/evidence';
import { s3Vault } from './index.ts';
import { startGate } from './s3-gate.ts';
import { countingStore } from './s3-stand-in.test-support.ts';

const partBytes = 5 * 2 ** 20;
const lock = { retainUntil: new Date('2099-01-01T00:00:00.000Z'), held: false };

/** What came of an upload of three parts to a store that compares checksums, with a bit turned in the first `times` sends of part 2. */
async function upload(times: number, fill: (target: Uint8Array, start: number) => void): Promise<{ readonly stored: StoredObject | undefined; readonly error: unknown; readonly sends: readonly string[]; readonly reads: number }> {
  const store = await countingStore();
  const sends: string[] = [];
  let [turned, reads] = [0, 0];
  const gate = await startGate(store.endpoint, {
    turned: (_, operation) => operation === 'PUT partNumber' && sends.filter((step) => step === 'PUT partNumber').length === 2 + turned && turned++ < times,
    onStep: (_, operation, step) => step === 'arrived' && sends.push(operation),
  });
  const client = new S3Client({ endpoint: gate.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 3, requestChecksumCalculation: 'WHEN_REQUIRED' });
  const source = filledSource(2 * partBytes + 4711, async (target, start) => {
    reads += target.length;
    fill(target, start);
  });
  try {
    const stored = await s3Vault({ client, bucket: 'evidence', partBytes, partsAtOnce: 1 }).put('a/archive.tar', source, { lock });
    expect(store.counted()).toMatchObject({ bytes: source.size, parts: 3, crc64nvme: stored.crc64nvme });
    return { stored, error: undefined, sends, reads };
  } catch (error) {
    return { stored: undefined, error, sends, reads };
  } finally {
    client.destroy();
    await gate.close();
    await store.close();
  }
}

const numbered = (target: Uint8Array, start: number): void => void target.fill(start >> 20);

describe('a part of which S3 got other bytes', () => {
  it('is read anew and sent again, and the object is whole', async () => {
    for (const times of [1, 2]) {
      const { stored, error, sends, reads } = await upload(times, numbered);
      expect({ error, bytes: stored?.bytes }).toEqual({ error: undefined, bytes: 2 * partBytes + 4711 });
      expect(sends.filter((each) => each === 'PUT partNumber')).toHaveLength(3 + times);
      expect(reads).toBe(2 * partBytes + 4711 + times * partBytes);
    }
  });

  it('ends the upload where that goes on, and nothing is made of it', async () => {
    const { error, sends } = await upload(99, numbered);
    expect(error).toBeInstanceOf(VaultError);
    expect(error).toMatchObject({ code: 'mismatch', message: expect.stringContaining('BadDigest') });
    expect(sends.filter((each) => each === 'PUT partNumber')).toHaveLength(4);
    expect(sends).not.toContain('POST uploadId');
  });

  it('ends the upload where the source is no longer what it was', async () => {
    let reads = 0;
    const { error } = await upload(1, (target) => void target.fill((reads += 1) > 10 ? 1 : 0));
    expect(error).toMatchObject({ code: 'mismatch', message: expect.stringContaining('part 2 was read again') });
  });
});
