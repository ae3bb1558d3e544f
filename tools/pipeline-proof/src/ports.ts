import { createHash } from 'node:crypto';
import { type ByteSource, readAll } from '@icecore/bytes';
import { objectKeys } from '@icecore/evidence';
import { type LakeStore, memoryLake } from '@icecore/lake';
import { fileSource, folderSpool } from '@icecore/local';
import { evidencePort, type Notice, type PipelinePorts, threadScanner } from '@icecore/pipeline';
import { secretKey } from '@icecore/secrets';

export const tool = { name: 'icecore', version: '0.1.0' } as const;
/** Bytes of the key for secrets: the same in every run, for the marks of secrets are in the tables. */
export const keyBytes = new Uint8Array(32).fill(7);

/** Ports of a run in this process, with what it told and where it wrote. */
export interface ProofPorts extends PipelinePorts {
  readonly notices: readonly Notice[];
}

/** Ports over files, or over a vault, with lake and working store in memory where none are given. */
export function proofPorts(given: Partial<PipelinePorts> = {}): ProofPorts {
  const notices: Notice[] = [];
  const { custody } = given;
  const close = (source: ByteSource, work: () => Promise<void>): ByteSource & AsyncDisposable => Object.assign(source, { [Symbol.asyncDispose]: work });
  return {
    notices,
    evidence: evidencePort({
      async openSource(reference, parent) {
        if (reference.kind === 'file') {
          const source = await fileSource(parent ?? reference.archive);
          return close(source, () => source.close());
        }
        if (custody === undefined) throw new TypeError('there is no vault');
        return close(await custody.vault.open(objectKeys.archive(parent ?? reference.capture)), async () => undefined);
      },
      spool: folderSpool(),
    }),
    custody: undefined,
    working: { store: memoryLake(), bucket: 'working', prefix: '' },
    lake: memoryLake(),
    secretKey: async () => secretKey(keyBytes),
    scanner: threadScanner({}),
    notify: async (notice) => void notices.push(notice),
    clock: () => new Date('2026-11-25T10:00:00Z'),
    tool,
    verifySliceBytes: 64 * 2 ** 30,
    ...given,
  };
}

/** Every file of a store with the SHA-256 of its bytes, so that two stores can be compared byte for byte. */
export async function contentOf(store: LakeStore, below = ''): Promise<ReadonlyMap<string, string>> {
  const content = new Map<string, string>();
  for await (const { path } of store.list(below)) content.set(path, createHash('sha256').update(await readAll(await store.open(path))).digest('hex'));
  return content;
}
