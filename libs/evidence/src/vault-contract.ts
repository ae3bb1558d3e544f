import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type ByteSource, memorySource, readAll } from '@icecore/bytes';
import { isVaultError } from './errors.ts';
import type { EvidenceVault, Lock, PutOptions } from './vault.ts';

/** One promise that every vault keeps. */
export interface VaultPromise {
  /** A sentence about what the user gets. */
  readonly title: string;
  /** Resolves where the vault, which must be empty before, keeps the promise; rejects where it does not. */
  readonly check: (vault: EvidenceVault) => Promise<void>;
}

export interface VaultContractOptions {
  /** Bytes of the object that is put in several parts. Larger than one part of the store. */
  readonly largeBytes?: number;
  /** Seconds that objects stay locked; the store must be able to forget them afterwards. */
  readonly lockSeconds?: number;
  /** True for a vault that lets objects go itself. */
  readonly expires?: boolean;
}

const key = 'clusters/local/lab/2025-03-01/c1/archive.tar';
const unsafeKeys = ['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a/./b', '.hidden', 'a/.b', 'a\u0000b', 'a b', 'a\\b', 'ä', 'a/%2e%2e/b', 'a'.repeat(181), 'a/'.repeat(500) + 'a'];

/** What `EvidenceVault` promises, for the tests of each adapter. */
export function vaultContract({ largeBytes = 20 * 2 ** 20, lockSeconds = 3600, expires = false }: VaultContractOptions = {}): readonly VaultPromise[] {
  const lockOf = (seconds = lockSeconds, held = false): Lock => ({ retainUntil: new Date((Math.floor(Date.now() / 1000) + seconds) * 1000), held });
  const put = (vault: EvidenceVault, name: string, content: Uint8Array | ByteSource, options: Partial<PutOptions> = {}) =>
    vault.put(name, content instanceof Uint8Array ? memorySource(content) : content, { lock: lockOf(), ...options });
  return [
    ...contentPromises(put, largeBytes),
    ...oncePromises(put),
    ...lockPromises(put, lockOf, lockSeconds, largeBytes),
    ...listPromises(put),
    ...brokenPutPromises(put, largeBytes),
    ...(expires ? expiryPromises(put) : []),
    ...unsafeKeys.map((unsafe) => ({
      title: `refuses the key ${JSON.stringify(unsafe.slice(0, 20))}${unsafe.length > 20 ? ' and on' : ''}`,
      async check(vault: EvidenceVault) {
        await rejects(put(vault, unsafe, text('x')), hasCode('refused'));
        await rejects(vault.open(unsafe), hasCode('refused'));
        await rejects(vault.describe(unsafe), hasCode('refused'));
        await rejects(vault.extend(unsafe, lockOf().retainUntil), hasCode('refused'));
        await rejects(vault.hold(unsafe, true), hasCode('refused'));
        deepStrictEqual(await keys(vault, ''), []);
      },
    })),
  ];
}

type Put = (vault: EvidenceVault, name: string, content: Uint8Array | ByteSource, options?: Partial<PutOptions>) => ReturnType<EvidenceVault['put']>;

function contentPromises(put: Put, largeBytes: number): VaultPromise[] {
  return [
    {
      title: 'gives back the bytes that were put, and says what they are',
      async check(vault) {
        const stored = await put(vault, key, text('123456789'));
        deepStrictEqual([stored.key, stored.bytes, stored.crc64nvme], [key, 9, 'ae8b14860a799888']);
        strictEqual(stored.sha256, '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225');
        strictEqual(await content(vault, key), '123456789');
      },
    },
    {
      title: 'holds an empty object',
      async check(vault) {
        const stored = await put(vault, key, text(''));
        deepStrictEqual([stored.bytes, stored.crc64nvme], [0, '0000000000000000']);
        strictEqual((await vault.open(key)).size, 0);
        strictEqual((await vault.describe(key))?.bytes, 0);
      },
    },
    {
      title: 'holds a large object, byte for byte, and gives ranges of it',
      async check(vault) {
        const bytes = noise(largeBytes);
        const progress: number[] = [];
        const stored = await put(vault, key, bytes, { onProgress: (done) => progress.push(done) });
        strictEqual(stored.sha256, sha256(bytes));
        strictEqual(progress.at(-1), largeBytes);
        ok(progress.every((done, i) => i === 0 || done >= (progress[i - 1] ?? 0)), 'progress never goes back');
        const source = await vault.open(key);
        strictEqual(source.size, largeBytes);
        for (const [start, end] of [[0, 1], [largeBytes - 1, largeBytes], [1000, 5000], [largeBytes >> 1, (largeBytes >> 1) + 70_000], [7, 7]] as const) {
          deepStrictEqual(Buffer.from(await source.read(start, end)), Buffer.from(bytes.subarray(start, end)));
        }
        await rejects(source.read(largeBytes, largeBytes + 1));
      },
    },
    {
      title: 'reads a source once, in order',
      async check(vault) {
        const bytes = noise(3 * 2 ** 20 + 17);
        let reached = 0;
        const inner = memorySource(bytes);
        const once: ByteSource = {
          size: inner.size,
          read(start, end) {
            if (start !== reached) throw new Error(`read from ${start}, after ${reached}`);
            reached = end;
            return inner.read(start, end);
          },
        };
        strictEqual((await put(vault, key, once)).sha256, sha256(bytes));
      },
    },
  ];
}

function oncePromises(put: Put): VaultPromise[] {
  return [
    {
      title: 'never overwrites: neither with other bytes nor with the same',
      async check(vault) {
        await put(vault, key, text('first'));
        await rejects(put(vault, key, text('other')), hasCode('exists'));
        await rejects(put(vault, key, text('first')), hasCode('exists'));
        await rejects(put(vault, key, text('')), hasCode('exists'));
        strictEqual(await content(vault, key), 'first');
        deepStrictEqual(await incomplete(vault), []);
      },
    },
    {
      title: 'lets exactly one of many writers of a key win',
      async check(vault) {
        const tries = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => put(vault, key, new Uint8Array(300_000).fill(i))));
        const winner = tries.findIndex(({ status }) => status === 'fulfilled');
        strictEqual(tries.filter(({ status }) => status === 'fulfilled').length, 1);
        for (const each of tries) if (each.status === 'rejected') ok(hasCode('exists')(each.reason), String(each.reason));
        const bytes = await readAll(await vault.open(key));
        deepStrictEqual([bytes.length, ...new Set(bytes)], [300_000, winner]);
        deepStrictEqual(await incomplete(vault), []);
      },
    },
    {
      title: 'refuses bytes that are not those which were promised, and keeps nothing of them',
      async check(vault) {
        await rejects(put(vault, key, text('bytes'), { expected: { bytes: 6 } }), hasCode('mismatch'));
        await rejects(put(vault, key, text('bytes'), { expected: { sha256: sha256(text('other')) } }), hasCode('mismatch'));
        strictEqual(await vault.describe(key), undefined);
        await rejects(vault.open(key), hasCode('missing'));
        deepStrictEqual([await keys(vault, ''), await incomplete(vault)], [[], []]);
        await put(vault, key, text('bytes'), { expected: { bytes: 5, sha256: sha256(text('bytes')) } });
        strictEqual(await content(vault, key), 'bytes');
      },
    },
    {
      title: 'says that an object is missing',
      async check(vault) {
        await rejects(vault.open(key), hasCode('missing'));
        await rejects(vault.extend(key, new Date(Date.now() + 7_200_000)), hasCode('missing'));
        await rejects(vault.hold(key, true), hasCode('missing'));
        strictEqual(await vault.describe(key), undefined);
      },
    },
  ];
}

function lockPromises(put: Put, lockOf: (seconds?: number, held?: boolean) => Lock, seconds: number, largeBytes: number): VaultPromise[] {
  const lockIn = async (vault: EvidenceVault): Promise<Lock | undefined> => (await vault.describe(key))?.lock;
  return [
    {
      title: 'locks an object from the moment it is there',
      async check(vault) {
        const lock = lockOf();
        await put(vault, key, text('x'), { lock });
        deepStrictEqual(await lockIn(vault), lock);
        const kept = await vault.describe(key);
        ok(kept !== undefined && Math.abs(kept.storedAt.getTime() - Date.now()) < 300_000, 'was stored now');
      },
    },
    {
      title: 'locks and holds a large object as a small one',
      async check(vault) {
        const lock = lockOf(seconds, true);
        await put(vault, key, noise(largeBytes), { lock });
        deepStrictEqual(await lockIn(vault), lock);
      },
    },
    {
      title: 'moves the end of a lock to later, never to earlier',
      async check(vault) {
        const lock = lockOf();
        await put(vault, key, text('x'), { lock });
        const later = lockOf(seconds + 600).retainUntil;
        await vault.extend(key, later);
        deepStrictEqual(await lockIn(vault), { retainUntil: later, held: false });
        await rejects(vault.extend(key, lock.retainUntil), hasCode('locked'));
        await vault.extend(key, later);
        deepStrictEqual(await lockIn(vault), { retainUntil: later, held: false });
      },
    },
    {
      title: 'holds and releases, and the lock stays either way',
      async check(vault) {
        const lock = lockOf();
        await put(vault, key, text('x'), { lock });
        for (const held of [true, true, false, false, true]) {
          await vault.hold(key, held);
          deepStrictEqual(await lockIn(vault), { ...lock, held });
        }
        const later = lockOf(seconds + 60).retainUntil;
        await vault.extend(key, later);
        deepStrictEqual(await lockIn(vault), { retainUntil: later, held: true });
        await vault.hold(key, false);
        await rejects(vault.extend(key, lock.retainUntil), hasCode('locked'));
      },
    },
    {
      title: 'holds an object from the moment it is there, where that is asked',
      async check(vault) {
        const lock = lockOf(seconds, true);
        await put(vault, key, text('x'), { lock });
        deepStrictEqual(await lockIn(vault), lock);
        await vault.hold(key, false);
        deepStrictEqual(await lockIn(vault), { ...lock, held: false });
      },
    },
    {
      title: 'refuses a lock that has ended already',
      async check(vault) {
        await rejects(put(vault, key, text('x'), { lock: lockOf(-60) }), hasCode('refused'));
        await rejects(put(vault, key, text('x'), { lock: { retainUntil: new Date(Number.NaN), held: false } }), hasCode('refused'));
        strictEqual(await vault.describe(key), undefined);
      },
    },
  ];
}

function listPromises(put: Put): VaultPromise[] {
  return [
    {
      title: 'lists objects under a prefix by ascending key',
      async check(vault) {
        for (const name of ['v/b/2', 'v/a/9', 'v/a-b/1', 'v/a/10', 'w/x', 'v/a.b']) await put(vault, name, text(name));
        deepStrictEqual(await keys(vault, ''), ['v/a-b/1', 'v/a.b', 'v/a/10', 'v/a/9', 'v/b/2', 'w/x']);
        deepStrictEqual(await keys(vault, 'v/a/'), ['v/a/10', 'v/a/9']);
        deepStrictEqual(await keys(vault, 'v/a'), ['v/a-b/1', 'v/a.b', 'v/a/10', 'v/a/9']);
        deepStrictEqual(await keys(vault, 'v/a/1'), ['v/a/10']);
        deepStrictEqual(await keys(vault, 'nothing/here/'), []);
        for await (const each of vault.list('w')) deepStrictEqual([each.key, each.bytes, each.lock !== undefined], ['w/x', 3, true]);
      },
    },
    {
      title: 'refuses to list outside of itself',
      async check(vault) {
        for (const prefix of ['../', '/', 'a/../../b', '.']) await rejects(keys(vault, prefix), hasCode('refused'));
      },
    },
  ];
}

function brokenPutPromises(put: Put, largeBytes: number): VaultPromise[] {
  const bytes = noise(largeBytes);
  const inner = memorySource(bytes);
  const breaking = (after: number): ByteSource => ({
    size: inner.size,
    async read(start, end) {
      if (end > after) throw new Error('the source broke off');
      return inner.read(start, end);
    },
  });
  return [
    {
      title: 'leaves no object where the source breaks off, and takes the put up or begins it anew',
      async check(vault) {
        await rejects(put(vault, key, breaking(largeBytes * 0.7)));
        await noObjectYet(vault);
        strictEqual((await put(vault, key, bytes)).sha256, sha256(bytes));
        strictEqual(sha256(await readAll(await vault.open(key))), sha256(bytes));
        deepStrictEqual(await incomplete(vault), []);
      },
    },
    {
      title: 'leaves no object where the put is called off, and nothing of it in other bytes that follow',
      async check(vault) {
        const leaving = new AbortController();
        const onProgress = (done: number): void => (done > largeBytes / 2 ? leaving.abort() : undefined);
        await rejects(put(vault, key, bytes, { signal: leaving.signal, onProgress }));
        await noObjectYet(vault);
        const others = noise(largeBytes >> 1, 7);
        strictEqual((await put(vault, key, others)).sha256, sha256(others));
        strictEqual(sha256(await readAll(await vault.open(key))), sha256(others));
        deepStrictEqual(await incomplete(vault), []);
      },
    },
  ];
}

function expiryPromises(put: Put): VaultPromise[] {
  const ended = async (until: Date): Promise<void> => new Promise((resolve) => setTimeout(resolve, until.getTime() - Date.now() + 20));
  return [
    {
      title: 'lets an object go once its lock has ended and nothing holds it, and not before',
      async check(vault) {
        const soon = { retainUntil: new Date(Date.now() + 1000), held: true };
        await put(vault, key, text('x'), { lock: soon });
        await put(vault, 'a/b', text('y'));
        await rejects(required(vault)(key), hasCode('locked'));
        await ended(soon.retainUntil);
        await rejects(required(vault)(key), hasCode('locked'));
        await vault.hold(key, false);
        await required(vault)(key);
        strictEqual(await vault.describe(key), undefined);
        await rejects(vault.open(key), hasCode('missing'));
        await rejects(required(vault)(key), hasCode('missing'));
        await rejects(required(vault)('a/b'), hasCode('locked'));
        deepStrictEqual([await keys(vault, ''), await incomplete(vault)], [['a/b'], []]);
      },
    },
    {
      title: 'goes by the end to which a lock was moved, not by the one it began with',
      async check(vault) {
        const soon = new Date(Date.now() + 500);
        await put(vault, key, text('x'), { lock: { retainUntil: soon, held: false } });
        await vault.extend(key, new Date(Date.now() + 3_600_000));
        await ended(soon);
        await rejects(required(vault)(key), hasCode('locked'));
        strictEqual(await content(vault, key), 'x');
      },
    },
  ];
}

function required(vault: EvidenceVault): (name: string) => Promise<void> {
  return async (name) => {
    ok(vault.expire !== undefined, 'lets objects go itself');
    await vault.expire(name);
  };
}

/** What a broken put may leave: nothing, or a line among the incomplete ones. */
async function noObjectYet(vault: EvidenceVault): Promise<void> {
  strictEqual(await vault.describe(key), undefined);
  await rejects(vault.open(key), hasCode('missing'));
  deepStrictEqual(await keys(vault, ''), []);
  for (const left of await incomplete(vault)) strictEqual(left, key);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Bytes that no compression and no repeated block can make up for; the same for the same seed. */
function noise(length: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let i = 0; i < words.length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[i] = state ^ (state >>> 15);
  }
  return new Uint8Array(words.buffer, 0, length);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function content(vault: EvidenceVault, name: string): Promise<string> {
  return new TextDecoder().decode(await readAll(await vault.open(name)));
}

async function keys(vault: EvidenceVault, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const each of vault.list(prefix)) found.push(each.key);
  return found;
}

async function incomplete(vault: EvidenceVault): Promise<string[]> {
  const found: string[] = [];
  for await (const each of vault.incomplete('')) found.push(each.key);
  return found;
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => isVaultError(error) && error.code === code;
}
