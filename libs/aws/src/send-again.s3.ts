import { memorySource, readAll } from '@icecore/bytes';
import { type EvidenceVault, sha256OfSource } from '@icecore/evidence';
import { s3PutOnlyVault, s3Vault } from './index.ts';
import { memoryJournal } from './memory-journal.test-support.ts';
import { startGate } from './s3-gate.ts';
import { describeWithServer, newBucket, serverClient, serverEndpoint } from './s3-server.test-support.ts';

const partBytes = 5 * 2 ** 20;
const lock = { retainUntil: new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000), held: false };
const large = new Uint8Array(2 * partBytes + 4711).map((_, i) => i * i);
const small = new TextEncoder().encode('{"what": "a record"}');
const owner = serverClient();

/** Puts an object through a network that turns a bit of the first `times` requests of an operation. */
async function putThrough(times: number, operation: string, bytes: Uint8Array, writer: 'reading' | 'putting'): Promise<{ readonly error: unknown; readonly seen: EvidenceVault; readonly turned: number }> {
  let turned = 0;
  const gate = await startGate(serverEndpoint ?? '', { turned: (_, each) => each === operation && turned < times && (turned += 1) > 0 });
  const [client, bucket] = [serverClient(gate.endpoint), await newBucket(owner, true)];
  const options = { client, bucket, partBytes, partsAtOnce: 2 };
  const vault = writer === 'reading' ? s3Vault(options) : s3PutOnlyVault({ ...options, journal: memoryJournal() });
  const seen = s3Vault({ client: owner, bucket });
  try {
    await vault.put('a/x', memorySource(bytes), { lock, expected: { sha256: await sha256OfSource(memorySource(bytes)) } });
    return { error: undefined, seen, turned };
  } catch (error) {
    return { error, seen, turned };
  } finally {
    client.destroy();
    await gate.close();
  }
}

describeWithServer('bytes that were turned on their way to a real server', () => {
  afterAll(() => owner.destroy());

  it.each([
    { what: 'a part', operation: 'PUT partNumber', bytes: large, writer: 'reading' },
    { what: 'a part of one who may only put', operation: 'PUT partNumber', bytes: large, writer: 'putting' },
    { what: 'a small object', operation: 'PUT', bytes: small, writer: 'reading' },
  ] as const)('are sent again: $what', async ({ operation, bytes, writer }) => {
    const { error, seen, turned } = await putThrough(2, operation, bytes, writer);
    expect({ error, turned }).toEqual({ error: undefined, turned: 2 });
    expect(Buffer.compare(await readAll(await seen.open('a/x')), bytes)).toBe(0);
  });

  it.each([
    { what: 'a part', operation: 'PUT partNumber', bytes: large, writer: 'reading' },
    { what: 'a part of one who may only put', operation: 'PUT partNumber', bytes: large, writer: 'putting' },
    { what: 'a small object', operation: 'PUT', bytes: small, writer: 'reading' },
  ] as const)('end the put where that goes on: $what', async ({ operation, bytes, writer }) => {
    const { error, seen } = await putThrough(99, operation, bytes, writer);
    expect(error).toMatchObject({ code: 'mismatch' });
    expect(await seen.describe('a/x')).toBeUndefined();
  });
});
