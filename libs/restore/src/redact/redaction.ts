import { type CheckpointArchive, type Compression, expand, openArchive, type Spool } from '@icecore/archive';
import { type ByteSource, DamageError, hex } from '@icecore/bytes';
import type { SecretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';
import { chosenCollector, type ChosenRegion } from './collect-chosen.ts';
import { collectSecrets, type Collected, scanned, secretBytes } from './collect-secrets.ts';
import { locateNeedles } from './locate.ts';
import { isSearchable } from './needles.ts';
import { withManifest } from './inside.ts';
import type { RedactionManifest } from './redaction-manifest.ts';
import type { Edit, RemovedThing } from './removed.ts';
import { compressed, fills, rewritten } from './rewrite.ts';
import { allDocuments, regionAt, type TarDocument, tarDocument } from './tar-document.ts';

/** What is to be taken out of an archive. */
export interface RedactionChoice {
  /** Everything that is known as a secret, by its form or by the name of the variable that holds it. */
  readonly secrets: boolean;
  readonly regions: readonly ChosenRegion[];
  /** Paths in the container, or names of the archive's entries. */
  readonly files: readonly string[];
}

export interface RedactionOptions {
  readonly spool: Spool;
  /** Makes the HMACs by which the manifest tells what was removed. */
  readonly key: SecretKey;
  readonly onProgress?: (step: 'looking for secrets' | 'looking for copies' | 'checking', doneBytes: number) => void;
}

/** A copy of an archive that is about to be written. */
export interface Redaction {
  readonly compression: Compression;
  readonly items: readonly RemovedThing[];
  /** By document, each in order. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
  /** The bytes of the copy, compressed as the archive is, with its manifest in it. */
  pieces(manifest: RedactionManifest): AsyncIterable<Uint8Array>;
  /** Looks through the copy for all that was to go; what is left of it, and what no longer fits, in words. Empty for a clean copy. */
  faults(copy: ByteSource): Promise<string[]>;
  /** Where a thing was: for the manifest. */
  placesOf(item: number): readonly RemovedPlace[];
}

export interface RemovedPlace {
  /** Entry of the archive, tars within it joined by `!`. */
  readonly entry: string;
  /** Offset in the entry. */
  readonly offset: number;
  readonly bytes: number;
}

/** Finds what is to go, wherever it stands. Rejects with a `DamageError` for an archive that cannot be redacted. Values stay in memory. */
export async function planRedaction(source: ByteSource, choice: RedactionChoice, options: RedactionOptions): Promise<Redaction> {
  const { spool, key, onProgress } = options;
  const opened = await openPlain(source, spool);
  const { compression, archive, documents } = opened;
  const snapshot = await openSnapshot(archive, { spool });
  const collected: Collected = { items: [], needles: [], edits: [] };
  if (choice.secrets) await collectSecrets(documents, archive, snapshot, key, collected, (done) => onProgress?.('looking for secrets', done));
  const chosen = chosenCollector(documents, archive, snapshot, key, collected);
  for (const region of choice.regions) await chosen.region(region);
  for (const file of choice.files) await chosen.file(file);
  const located = await locateNeedles(documents, collected.needles, (done) => onProgress?.('looking for copies', done));
  const edits = byDocument([...collected.edits, ...located]);
  const [root] = documents;
  if (root === undefined) throw new DamageError('malformed', 'the archive holds nothing');
  return {
    compression,
    items: collected.items,
    edits,
    pieces: (manifest) => compressed(withManifest(manifest, archive, root.entries, rewritten(root, edits, spool)), compression),
    placesOf: (item) => [...edits.values()].flatMap((own) => own.filter((edit) => edit.item === item).map((edit) => placeOf(documents, edit))),
    async faults(copy) {
      const result = await openPlain(copy, spool);
      const left = await locateNeedles(result.documents, collected.needles, (done) => onProgress?.('checking', done));
      const faults = left.slice(0, 20).map((edit) => `something that was to go is left: ${describe(result.documents, edit)}`);
      if (choice.secrets) faults.push(...(await secretsLeft(result.documents, key)));
      faults.push(...lostEntries(opened, result));
      return faults;
    },
  };
}

interface Plain {
  readonly compression: Compression;
  readonly archive: CheckpointArchive;
  /** The archive first. */
  readonly documents: readonly TarDocument[];
}

async function openPlain(source: ByteSource, spool: Spool): Promise<Plain> {
  const { compression, source: plain, gaps } = await expand(source, { spool });
  const [gap] = gaps;
  if (gap !== undefined) throw new DamageError(gap.code === 'not_captured' ? 'missing' : gap.code, `cannot be redacted, for it is not whole: ${gap.reason}`, gap.place);
  const archive = await openArchive(plain, { spool });
  if (archive.container === 'oci-image' || archive.container === 'docker-image') throw new DamageError('unsupported', 'is an image; redact the archive, and make an image of the copy');
  return { compression, archive, documents: [...allDocuments(await tarDocument(plain, spool))] };
}

function byDocument(edits: readonly Edit[]): ReadonlyMap<string, readonly Edit[]> {
  const sorted = new Map<string, Edit[]>();
  for (const edit of edits) {
    const known = sorted.get(edit.document);
    if (known === undefined) sorted.set(edit.document, [edit]);
    else known.push(edit);
  }
  for (const each of sorted.values()) each.sort((a, b) => a.start - b.start || b.end - a.end || a.item - b.item);
  return new Map([...sorted].map(([name, each]) => [name, each.filter((edit, i) => edit.start !== each[i - 1]?.start || edit.end !== each[i - 1]?.end)]));
}

function placeOf(documents: readonly TarDocument[], { document, start, end }: Edit): RemovedPlace {
  const regions = documents.find(({ name }) => name === document)?.regions ?? [];
  const region = regionAt(regions, start);
  if (region?.kind === 'bytes' || region?.kind === 'json') return { entry: region.entry, offset: start - region.start, bytes: end - start };
  return { entry: document === '' ? 'the tar itself' : document, offset: start, bytes: end - start };
}

function describe(documents: readonly TarDocument[], edit: Edit): string {
  const { entry, offset } = placeOf(documents, edit);
  return `${edit.end - edit.start} bytes in ${entry} at ${hex(offset)}`;
}

const blanks: readonly number[] = Object.values(fills);

/** Secrets that the scanner still knows; what was overwritten may look like one to a rule that asks for any characters. */
async function secretsLeft(documents: readonly TarDocument[], key: SecretKey): Promise<string[]> {
  const faults: string[] = [];
  for (const document of documents) {
    for await (const { hits } of scanned(document, key)) {
      for (const hit of hits) {
        const found = await secretBytes(document, hit);
        if (found === undefined || faults.length >= 20) continue;
        const rest = found.bytes.filter((byte) => !blanks.includes(byte));
        // A rule's own words around what was overwritten, `scheme://` and the like, are no secret.
        if (hit.kind === 'secret' && !(rest.length === found.bytes.length) && !isSearchable(Buffer.from(rest).toString('latin1'))) continue;
        const kind = hit.kind === 'secret' ? hit.secret.rule : hit.kind;
        faults.push(`a secret (${kind}) is left: ${found.bytes.length} bytes in ${document.name === '' ? 'the archive' : document.name} at ${hex(found.start)}`);
      }
    }
  }
  return faults;
}

/** The copy must be read as the archive is: the same entries, of the same sizes but for tars that were compressed anew. */
function lostEntries(before: Plain, after: Plain): string[] {
  const faults: string[] = [];
  const [own, copy] = [before.documents, after.documents];
  for (const [i, document] of own.entries()) {
    const other = copy[i];
    const anew = new Set(document.nested.map(({ outer }) => outer.path));
    // The copy's own manifest comes first, and is the one entry that it has besides.
    const others = i === 0 ? other?.entries.slice(1) : other?.entries;
    const same = others?.length === document.entries.length && document.entries.every(({ path, size, type }, at) => others[at]?.type === type && (others[at]?.size === size || anew.has(path)));
    if (!same) faults.push(`${document.name === '' ? 'the archive' : document.name} has not the entries that it had`);
  }
  const lost = after.archive.gaps.length - before.archive.gaps.length;
  if (lost > 0) faults.push(`${lost} things of the copy cannot be read that could be before`);
  return faults;
}
