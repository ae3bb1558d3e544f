import { openArchive, type Spool, type SpoolFile } from '@icecore/archive';
import type { ByteSource } from '@icecore/bytes';
import { openSnapshot } from '@icecore/snapshot';
import type { EvidenceReference } from './input.ts';
import type { EvidencePort, OpenCapture } from './ports.ts';

export interface EvidenceOptions {
  /** The bytes of an archive: of the capture itself, or of a parent by the name that the reference gives it. */
  openSource(reference: EvidenceReference, parent?: string): Promise<ByteSource & AsyncDisposable>;
  readonly spool: Spool;
  /** Is told of the bytes of a compressed archive while they are expanded. */
  readonly onExpanding?: (done: number, total: number) => void;
}

/** Opens archives and joins their images. */
export function evidencePort({ openSource, spool: given, onExpanding }: EvidenceOptions): EvidencePort {
  return {
    source: (reference) => openSource(reference),
    async open(reference) {
      const sources = new AsyncDisposableStack();
      const spool = sources.use(releasedSpool(given));
      const options = { spool, ...(onExpanding === undefined ? {} : { onProgress: onExpanding }) };
      try {
        const source = sources.use(await openSource(reference));
        const archive = await openArchive(source, options);
        const parents = [];
        for (const parent of reference.parents) parents.push(await openArchive(sources.use(await openSource(reference, parent)), options));
        const snapshot = await openSnapshot(archive, { spool, parents });
        return { source, archive, snapshot, [Symbol.asyncDispose]: () => sources.disposeAsync() };
      } catch (error) {
        await sources.disposeAsync();
        throw error;
      }
    },
  };
}

/** A spool whose files are given back together: a process that outlives the capture must not keep its room. */
function releasedSpool(spool: Spool): Spool & AsyncDisposable {
  const files: SpoolFile[] = [];
  return {
    async create() {
      const file = await spool.create();
      files.push(file);
      return file;
    },
    async [Symbol.asyncDispose]() {
      for (const file of files.splice(0)) await file.discard();
    },
  };
}

/** A port that opens a capture once and lends it to every step; closed with the port. For steps that run in one process. */
export function sharedEvidence(port: EvidencePort): EvidencePort & AsyncDisposable {
  const opened = new Map<string, Promise<OpenCapture>>();
  return {
    source: (reference) => port.source(reference),
    async open(reference) {
      const name = JSON.stringify(reference);
      const opening = opened.get(name) ?? port.open(reference);
      opened.set(name, opening);
      try {
        const { source, archive, snapshot } = await opening;
        return { source, archive, snapshot, [Symbol.asyncDispose]: async () => undefined };
      } catch (error) {
        opened.delete(name);
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      const ends = await Promise.allSettled(opened.values());
      for (const end of ends) if (end.status === 'fulfilled') await end.value[Symbol.asyncDispose]();
    },
  };
}
