import { type ByteSource, memorySource, readAll } from '@icecore/bytes';
import { type EvidenceVault, fingerprint, isVaultError, maxRecordBytes, type PutJournal, type PutOptions, rememberedPut, rememberedPuts, rememberPut, requireLiveLock, requireVaultKey, type StoredObject, type VaultCode, VaultError } from '@icecore/evidence';
import { putLarge } from './put-large.ts';
import { answerOf, asking, vaultErrorOf } from './s3-errors.ts';
import { locationOf, type S3Place, s3PlaceOf, type S3VaultOptions } from './s3-place.ts';
import { putSmall } from './s3-put.ts';
import { abortUpload } from './s3-uploads.ts';

export interface S3PutOnlyOptions extends S3VaultOptions {
  readonly journal: PutJournal;
}

export interface S3PutOnlyVault extends EvidenceVault {
  /** Asks whether the store answers this writer under a key, by giving up an upload that there never was. Rejects where it does not. */
  reach(key: string): Promise<void>;
}

/**
 * A vault in a bucket of S3 for a writer who may put and neither read nor list: it sends nothing but puts, and tells of the
 * vault what its journal remembers. Small objects are kept in the journal before they are put, and put with the same bytes
 * after a crash. An object whose SHA-256 its caller tells can be given again, and is not kept: it goes out in parts, and the
 * upload is taken up. What such a writer finds under its key and did not put is `refused`; it cannot know what it is.
 */
export function s3PutOnlyVault({ journal, ...options }: S3PutOnlyOptions): S3PutOnlyVault {
  const place = s3PlaceOf(options, journal);
  const now = options.now ?? (() => new Date());
  const unable = (key: string): Promise<never> => Promise.reject(new VaultError('refused', key, 'this writer may put, and nothing else'));
  return {
    location: locationOf(place),
    async put(key, source, putOptions) {
      requireLiveLock(requireVaultKey(key), putOptions.lock, now());
      if ((await rememberedPut(journal, key)) !== undefined) throw new VaultError('exists', key, 'was put by this writer before');
      const known = putOptions.expected?.sha256 !== undefined && source.size > 0;
      const { stored, before } = await asking(key, () => (known ? putKnown(place, key, source, putOptions) : putKept(place, journal, { key, source, options: putOptions })));
      await rememberPut(journal, stored, putOptions.lock, now());
      if (before) throw new VaultError('exists', key, 'was put by this writer before');
      return stored;
    },
    async open(key) {
      // What was kept and not stored may never have gone out: whoever puts it again puts the same bytes.
      if ((await rememberedPut(journal, requireVaultKey(key))) === undefined) throw new VaultError('missing', key, 'this writer put no such object');
      const kept = await journal.read(key);
      return kept === undefined ? unable(key) : memorySource(kept);
    },
    describe: (key) => rememberedPut(journal, requireVaultKey(key)),
    async *list(prefix) {
      for await (const { key, stored } of rememberedPuts(journal, prefix)) {
        const found = stored ? await rememberedPut(journal, key) : undefined;
        if (found !== undefined) yield found;
      }
    },
    reach: (key) =>
      asking(key, async () => {
        await abortUpload(place, { key: requireVaultKey(key), uploadId: 'there-is-none' });
      }),
    extend: unable,
    hold: unable,
    async *incomplete(prefix) {
      for await (const { key, stored } of rememberedPuts(journal, prefix)) if (!stored) yield { key, startedAt: new Date(0), bytes: 0 };
    },
  };
}

/** What became of a put. */
interface Put {
  readonly stored: StoredObject;
  /** True where bytes of an earlier try were put, not those that were given. */
  readonly before: boolean;
}

async function putKnown(place: S3Place, key: string, source: ByteSource, options: PutOptions): Promise<Put> {
  try {
    return { stored: await putLarge(place, key, source, options), before: false };
  } catch (error) {
    throw isTaken(error) ? taken(key, error) : error;
  }
}

async function putKept(place: S3Place, journal: PutJournal, { key, source, options }: { readonly key: string; readonly source: ByteSource; readonly options: PutOptions }): Promise<Put> {
  const kept = await journal.read(key);
  if (kept === undefined && source.size > maxRecordBytes) throw new VaultError('refused', key, `is larger than ${maxRecordBytes} bytes, and its SHA-256 is not told`);
  const bytes = kept ?? (await readAll(source));
  if (kept === undefined) await journal.write(key, bytes);
  const again = memorySource(bytes);
  const put = bytes.length <= place.partBytes ? putSmall : putLarge;
  try {
    return { stored: await put(place, key, again, kept === undefined ? options : { lock: options.lock }), before: kept !== undefined };
  } catch (error) {
    // The answer to an earlier put of these bytes was lost, and the put was not.
    if (isTaken(error) && (kept !== undefined || answerOf(error).attempts > 1)) return { stored: { key, ...(await fingerprint(again)), versionId: undefined }, before: kept !== undefined };
    // What the store did not take is not kept for another try.
    if (isTaken(error) || codeOf(error) === 'mismatch') await journal.forget(key);
    throw isTaken(error) ? taken(key, error) : error;
  }
}

function codeOf(error: unknown): VaultCode | undefined {
  const seen = vaultErrorOf('', error);
  return isVaultError(seen) ? seen.code : undefined;
}

function isTaken(error: unknown): boolean {
  return codeOf(error) === 'exists';
}

function taken(key: string, cause: unknown): VaultError {
  return new VaultError('refused', key, 'is taken, and not by this writer, who may not look at it', { cause });
}
