import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { readAll } from '@icecore/bytes';
import { sha256Of } from './compaction/compaction-id.ts';
import { isLakeError } from './errors.ts';
import type { LakeStore } from './ports.ts';

/** One promise that every store keeps. */
export interface StorePromise {
  /** A sentence about what the user gets. */
  readonly title: string;
  /** Resolves where the store, which must be empty before, keeps the promise; rejects where it does not. */
  readonly check: (store: LakeStore) => Promise<void>;
}

const path = 'v1/processes/tenant=default/dt=2025-03-01/capture-00000.parquet';

/** What `LakeStore` promises, for the tests of each store. */
export const storeContract: readonly StorePromise[] = [
  {
    title: 'gives back the bytes that were written',
    async check(store) {
      await store.writePart(path, bytes('one'));
      strictEqual(await content(store, path), 'one');
    },
  },
  {
    title: 'holds an empty file',
    async check(store) {
      await store.writePart(path, bytes(''));
      strictEqual(await content(store, path), '');
      deepStrictEqual(await listed(store, ''), [[path, 0]]);
    },
  },
  {
    title: 'replaces a file that is there',
    async check(store) {
      await store.writePart(path, bytes('first, and longer'));
      await store.writePart(path, bytes('second'));
      strictEqual(await content(store, path), 'second');
      deepStrictEqual(await listed(store, ''), [[path, 6]]);
    },
  },
  {
    title: 'writes the same bytes twice without harm',
    async check(store) {
      await store.writePart(path, bytes('same'));
      await store.writePart(path, bytes('same'));
      deepStrictEqual(await listed(store, ''), [[path, 4]]);
    },
  },
  {
    title: 'does not share memory with who writes',
    async check(store) {
      const given = bytes('kept');
      await store.writePart(path, given);
      given.fill(0);
      strictEqual(await content(store, path), 'kept');
    },
  },
  {
    title: 'lists the files under a prefix by ascending path, with their sizes',
    async check(store) {
      for (const name of ['v1/b/2', 'v1/a/9', 'v1/a-b/1', 'v1/a/10', 'v2/x', 'v1/a.b']) await store.writePart(name, bytes(name));
      deepStrictEqual(await names(store, ''), ['v1/a-b/1', 'v1/a.b', 'v1/a/10', 'v1/a/9', 'v1/b/2', 'v2/x']);
      deepStrictEqual(await names(store, 'v1/a/'), ['v1/a/10', 'v1/a/9']);
      deepStrictEqual(await names(store, 'v1/a'), ['v1/a-b/1', 'v1/a.b', 'v1/a/10', 'v1/a/9']);
      deepStrictEqual(await names(store, 'v1/a/1'), ['v1/a/10']);
      deepStrictEqual(await listed(store, 'v2'), [['v2/x', 4]]);
    },
  },
  {
    title: 'lists nothing under a prefix that no file has',
    async check(store) {
      deepStrictEqual(await names(store, 'v1/nothing/here/'), []);
    },
  },
  {
    title: 'says that a file is missing',
    async check(store) {
      await rejects(store.open(path), hasCode('missing'));
    },
  },
  {
    title: 'removes a file whose hash is given, and only that',
    async check(store) {
      await store.writePart(path, bytes('one'));
      await store.writePart('v1/a/b', bytes('one'));
      strictEqual(await store.removePart(path, hashOf('another')), false);
      strictEqual(await content(store, path), 'one');
      strictEqual(await store.removePart(path, hashOf('one')), true);
      await rejects(store.open(path), hasCode('missing'));
      strictEqual(await store.removePart(path, hashOf('one')), false);
      deepStrictEqual(await names(store, ''), ['v1/a/b']);
      await store.writePart(path, bytes('one'));
      strictEqual(await content(store, path), 'one');
    },
  },
  ...['', '/v1/a', 'v1//a', '../a', 'v1/../../a', 'v1/./a', 'v1/a\u0000', 'v1/a b', 'v1\\a', 'v1/a/', 'v1/ä', 'v1/%2e%2e/a'].map((unsafe) => ({
    title: `refuses the path ${JSON.stringify(unsafe)}`,
    async check(store: LakeStore) {
      await rejects(store.writePart(unsafe, bytes('x')), hasCode('invalid_name'));
      await rejects(store.open(unsafe), hasCode('invalid_name'));
      await rejects(store.removePart(unsafe, hashOf('x')), hasCode('invalid_name'));
      deepStrictEqual(await listed(store, ''), []);
    },
  })),
];

function hashOf(text: string): string {
  return sha256Of(bytes(text));
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function content(store: LakeStore, name: string): Promise<string> {
  return new TextDecoder().decode(await readAll(await store.open(name)));
}

async function listed(store: LakeStore, prefix: string): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for await (const part of store.list(prefix)) found.push([part.path, part.size]);
  return found;
}

async function names(store: LakeStore, prefix: string): Promise<string[]> {
  return (await listed(store, prefix)).map(([name]) => name);
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => isLakeError(error) && error.code === code;
}
