import { type ByteSource, memorySource, readPieces } from '@icecore/bytes';
import { VaultError } from './errors.ts';
import { requireExpired } from './expire.ts';
import { fingerprint } from './hashing.ts';
import { requireVaultKey, requireVaultPrefix } from './key.ts';
import { requireExpected, requireLater, requireLiveLock } from './put-rules.ts';
import type { EvidenceVault, Lock, VaultObject } from './vault.ts';

interface Kept {
  readonly bytes: Uint8Array;
  readonly storedAt: Date;
  lock: Lock;
}

/** A vault in memory, for tests and for looking into a bundle. It keeps its promises as long as the process lives. */
export function memoryVault(now: () => Date = () => new Date()): EvidenceVault {
  const kept = new Map<string, Kept>();
  const broken = new Map<string, { readonly startedAt: Date; readonly bytes: number }>();
  const object = (key: string): Kept => {
    const found = kept.get(requireVaultKey(key));
    if (found === undefined) throw new VaultError('missing', key, 'the vault has no such object');
    return found;
  };
  const described = (key: string, { bytes, storedAt, lock }: Kept): VaultObject => ({ key, bytes: bytes.length, storedAt, versionId: undefined, lock });
  return {
    location: 'memory',
    async put(key, source, { lock, expected, signal, onProgress }) {
      requireVaultKey(key);
      requireLiveLock(key, lock, now());
      if (kept.has(key)) throw new VaultError('exists', key, 'is in the vault already');
      const startedAt = now();
      const bytes = await collect(source, signal, (done) => {
        broken.set(key, { startedAt, bytes: done });
        onProgress?.(done);
      });
      const found = await fingerprint(memorySource(bytes));
      broken.delete(key);
      requireExpected(key, found, expected);
      if (kept.has(key)) throw new VaultError('exists', key, 'another one stored it meanwhile');
      kept.set(key, { bytes, storedAt: now(), lock });
      return { key, ...found, versionId: undefined };
    },
    async open(key) {
      return memorySource(object(key).bytes);
    },
    async describe(key) {
      const found = kept.get(requireVaultKey(key));
      return found === undefined ? undefined : described(key, found);
    },
    async *list(prefix) {
      requireVaultPrefix(prefix);
      for (const [key, each] of [...kept].filter(([name]) => name.startsWith(prefix)).sort(byKey)) yield described(key, each);
    },
    async extend(key, retainUntil) {
      const found = object(key);
      requireLater(key, found.lock, retainUntil);
      found.lock = { ...found.lock, retainUntil };
    },
    async hold(key, held) {
      const found = object(key);
      found.lock = { ...found.lock, held };
    },
    async expire(key) {
      requireExpired(key, object(key).lock, now());
      kept.delete(key);
    },
    async *incomplete(prefix) {
      requireVaultPrefix(prefix);
      for (const [key, each] of [...broken].filter(([name]) => name.startsWith(prefix)).sort(byKey)) yield { key, ...each };
    },
  };
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

async function collect(source: ByteSource, signal: AbortSignal | undefined, onPiece: (done: number) => void): Promise<Uint8Array> {
  const bytes = new Uint8Array(source.size);
  let done = 0;
  for await (const piece of readPieces(source)) {
    signal?.throwIfAborted();
    bytes.set(piece, done);
    done += piece.length;
    onPiece(done);
  }
  signal?.throwIfAborted();
  return bytes;
}
