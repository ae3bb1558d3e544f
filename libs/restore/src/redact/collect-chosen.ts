import { createHash } from 'node:crypto';
import type { CheckpointArchive } from '@icecore/archive';
import { DamageError, hex, readPieces } from '@icecore/bytes';
import { decodeImage } from '@icecore/criu';
import { openPageSet } from '@icecore/memory';
import type { SecretKey } from '@icecore/secrets';
import type { ContainerSnapshot, HiddenFile } from '@icecore/snapshot';
import type { Collected } from './collect-secrets.ts';
import { byteNeedles } from './needles.ts';
import type { RemovedThing } from './removed.ts';
import type { TarDocument, TarRegion } from './tar-document.ts';

/** A part of a process's memory. */
export interface ChosenRegion {
  readonly pid: number;
  readonly start: bigint;
  readonly end: bigint;
}

/** Bytes of one page of what is to go: the piece in which copies of it are looked for. */
const pieceBytes = 4096;
/** Most bytes that are looked for: they are held in memory. */
export const maxChosenBytes = 256 << 20;

/** What is chosen by place: the bytes there, and every copy of a page of it elsewhere. */
export function chosenCollector(documents: readonly TarDocument[], archive: CheckpointArchive, snapshot: ContainerSnapshot, key: SecretKey, { items, needles, edits }: Collected) {
  let chosenBytes = 0;
  const root = documents[0];
  const regionOf = (entry: string): { document: TarDocument; region: TarRegion } | undefined => {
    for (const document of documents) {
      const region = document.regions.findLast((each) => each.entry === entry && each.kind !== 'header');
      if (region !== undefined) return { document, region };
    }
    return undefined;
  };
  const erase = (entry: string, from: number, to: number, item: number): void => {
    const found = regionOf(entry);
    if (found === undefined || found.region.start + to > found.region.end) throw new DamageError('unsupported', 'is not stored as it is, and so cannot be overwritten in place', { entry });
    if (found.region.kind !== 'bytes') throw new DamageError('unsupported', 'is metadata, of which only secrets can be taken', { entry });
    edits.push({ document: found.document.name, start: found.region.start + from, end: found.region.start + to, item, form: 'bytes' });
  };
  const begin = (thing: (hmac: string) => RemovedThing): { item: number; add: (bytes: Uint8Array) => void; end: () => void } => {
    const item = items.length;
    items.push(thing(''));
    const hash = createHash('sha256');
    return {
      item,
      add(bytes) {
        chosenBytes += bytes.length;
        if (chosenBytes > maxChosenBytes) throw new DamageError('limit', `more than ${maxChosenBytes >> 20} MiB are chosen`);
        hash.update(bytes);
        for (let at = 0; at < bytes.length; at += pieceBytes) needles.push(...byteNeedles(Uint8Array.from(bytes.subarray(at, at + pieceBytes)), item));
      },
      // The HMAC of the SHA-256: nobody without the key can tell whether it is the file that they have in mind.
      end: () => void (items[item] = thing(key.hmac(hash.digest('hex')))),
    };
  };
  const imageName = (name: string): string => `${rootPrefix(root, archive)}${archive.imagesPrefix}${name}`;
  return {
    /** Memory of a process. Rejects with a `DamageError` where none of it is in the archive, or where its pages are compressed. */
    async region({ pid, start, end }: ChosenRegion): Promise<void> {
      const process = snapshot.processes.find((each) => each.pid === pid);
      if (process?.memory === undefined) throw new DamageError('missing', `there is no memory of a process ${pid}`);
      const { item, add, end: finish } = begin((hmac) => ({ kind: 'region', pid, start, end, hmac }));
      let stored = false;
      // Pieces end where pages do, so that a copy of a page is found as a whole.
      for (let at = start; at < end; ) {
        const next = (at / BigInt(pieceBytes) + 1n) * BigInt(pieceBytes);
        const stop = next < end ? next : end;
        const { bytes, parts } = await process.memory.read(at, Number(stop - at));
        for (const part of parts.filter(({ state }) => state === 'stored')) {
          if (part.pagesImage === undefined || part.offset === undefined) throw new DamageError('unsupported', 'the pages are compressed, and cannot be overwritten in place', { entry: `memory of process ${pid} at ${hex(part.start)}` });
          erase(imageName(part.pagesImage), part.offset, part.offset + Number(part.end - part.start), item);
          stored = true;
        }
        add(bytes);
        at = stop;
      }
      if (!stored) throw new DamageError('missing', `the archive holds nothing of ${hex(start)}-${hex(end)} of process ${pid}`);
      finish();
    },
    /** A file by its path in the container, or by the name of the archive's entry. Rejects with a `DamageError` where there is none. */
    async file(path: string): Promise<void> {
      const hidden = (await snapshot.hiddenFiles()).filter((each) => samePath(each.path, path));
      const changed = (await snapshot.changedFiles()).files.filter((each) => samePath(each.path, path) && each.entry?.type === 'file');
      const own = regionOf(path);
      if (hidden.length === 0 && changed.length === 0 && own === undefined) throw new DamageError('missing', `the archive holds no file ${path}`);
      const { item, add, end } = begin((hmac) => ({ kind: 'file', path, hmac }));
      for (const each of hidden) {
        await eraseHidden(each, item);
        for await (const piece of readPieces(each.source)) add(piece);
      }
      for (const { origin, entry } of changed) {
        if (entry === undefined || entry.size === 0) continue;
        for await (const piece of readPieces(entry.source)) add(piece);
        const found = regionOf(`${rootPrefix(root, archive)}${origin}!${entry.path}`);
        erase(`${rootPrefix(root, archive)}${origin}!${entry.path}`, 0, found === undefined ? 0 : found.region.end - found.region.start, item);
      }
      if (own !== undefined) {
        for (let at = own.region.start; at < own.region.end; at += 1 << 20) add(await own.document.source.read(at, Math.min(own.region.end, at + (1 << 20))));
        erase(path, 0, own.region.end - own.region.start, item);
      }
      end();
    },
  };

  async function eraseHidden({ place: { image }, kind }: HiddenFile, item: number): Promise<void> {
    const source = image === undefined ? undefined : snapshot.images.open(image);
    if (image === undefined || source === undefined) return;
    if (kind === 'deleted') {
      for (const { payload } of (await decodeImage(source, image)).entries) for (const { offset, length } of payload) erase(imageName(image), offset, offset + length, item);
      return;
    }
    const pages = await openPageSet(snapshot.images, image, snapshot.dump.machine?.pageSize ?? pieceBytes);
    for (const run of pages.runs) {
      if (run.state !== 'stored') continue;
      if (run.compressed !== undefined) throw new DamageError('unsupported', 'the pages are compressed, and cannot be overwritten in place', { image });
      erase(imageName(pages.pagesImage), run.offset, run.offset + run.end - run.start, item);
    }
  }
}

/** The folder within the tar that the checkpoint lies in; empty for nearly all. */
function rootPrefix(root: TarDocument | undefined, archive: CheckpointArchive): string {
  const [name] = [...archive.images().keys()];
  const path = name === undefined ? undefined : root?.entries.find((entry) => entry.path.endsWith(`${archive.imagesPrefix}${name}`))?.path;
  return path === undefined || name === undefined ? '' : path.slice(0, path.length - archive.imagesPrefix.length - name.length);
}

function samePath(one: string, other: string): boolean {
  const plain = (path: string): string => path.replace(/^\/+/, '').replace(/ \(deleted\)$/, '');
  return plain(one) === plain(other);
}
