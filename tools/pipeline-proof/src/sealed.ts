import { basename } from 'node:path';
import { openArchive } from '@icecore/archive';
import type { ByteSource } from '@icecore/bytes';
import { type EvidenceVault, hashingSource, sealCapture, type SealInput, type Signer } from '@icecore/evidence';
import { fileSource, folderSpool } from '@icecore/local';
import { tool } from './ports.ts';

export const lock = { retainUntil: new Date('2099-01-01T00:00:00.000Z'), held: false };

/** Seals an archive as a node does, and gives the capture's key. */
export async function sealArchive(path: string, vault: EvidenceVault, signer: Signer): Promise<string> {
  return seal(path, vault, signer, async (archive) => (await openArchive(archive, { spool: folderSpool(), name: basename(path) })).entries.values());
}

/** Seals a file that cannot be opened, as it is. */
export function sealUnopened(path: string, vault: EvidenceVault, signer: Signer): Promise<string> {
  return seal(path, vault, signer, async () => []);
}

async function seal(path: string, vault: EvidenceVault, signer: Signer, entriesOf: (archive: ByteSource) => Promise<SealInput['entries']>): Promise<string> {
  const file = await fileSource(path);
  const archive = hashingSource(file);
  try {
    const { captureKey } = await sealCapture(vault, signer, () => new Date('2026-11-25T09:00:00Z'), {
      captureId: 'c1',
      archive,
      entries: await entriesOf(archive),
      gaps: [],
      where: { account: '333333333333', cluster: 'prod', node: 'n1', namespace: 'shop', pod: 'web', podUid: 'u1', container: 'c', containerId: 'd', image: null, imageDigest: null },
      why: { alert: null, policy: null, case: null, reason: null },
      takenAt: new Date('2026-11-25T08:59:00Z'),
      timeSource: 'node',
      clockOffsetMs: 0,
      by: 'node role',
      tools: [tool],
      lock,
    });
    return captureKey;
  } finally {
    await file.close();
  }
}
