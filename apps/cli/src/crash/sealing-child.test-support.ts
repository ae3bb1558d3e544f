/*
 * A program that seals a file as a node's role does: when the vault has it, the node's copy goes.
 * Usage: sealing-child VAULT KEY FILE [COUNT]. Kills itself when it begins to wait for the COUNTth time. Says `begun`, and at
 * its end how often it waited.
 */
import { createHook } from 'node:async_hooks';
import { rmSync, writeSync } from 'node:fs';
import { type ByteSource, sliceSource } from '@icecore/bytes';
import { type ContainedEntry, type EvidenceVault, hashingSource, sealCapture, type SealInput } from '@icecore/evidence';
import { fileSource, signingKeyFile, vaultFolder } from '@icecore/local';

export const lock = { retainUntil: new Date('2099-01-01T00:00:00.000Z'), held: false };

/** The vault at a place. In S3 its parts are as small as S3 allows, so that an upload has many places to be broken off at. */
export async function vaultFor(place: string): Promise<EvidenceVault> {
  if (!place.startsWith('s3://')) return vaultFolder(place);
  const { parseS3Url, s3ClientFor, s3Vault } = await import('@icecore/aws');
  return s3Vault({ client: s3ClientFor(process.env), bucket: '', ...parseS3Url(place), partBytes: 5 * 2 ** 20, partsAtOnce: 2 });
}

/** The archive's halves: entries that need no format. */
export function halves(archive: ByteSource): ContainedEntry[] {
  const middle = Math.floor(archive.size / 2);
  return [
    { rawPath: 'pages-1.img', type: 'file', source: sliceSource(archive, 0, middle) },
    { rawPath: 'pages-2.img', type: 'file', source: sliceSource(archive, middle, archive.size) },
  ];
}

export async function sealFile(place: string, key: string, path: string): Promise<string> {
  const file = await fileSource(path);
  const archive = hashingSource(file);
  const input: SealInput = {
    captureId: 'c1',
    archive,
    entries: halves(archive),
    gaps: [],
    side: [{ name: 'pod.json', kind: 'pod specification', bytes: new TextEncoder().encode('{}') }],
    where: { account: 'local', cluster: 'lab', node: 'n1', namespace: null, pod: null, podUid: null, container: null, containerId: null, image: null, imageDigest: null },
    why: { alert: null, policy: null, case: null, reason: null },
    takenAt: new Date('2026-03-01T10:00:00.000Z'),
    timeSource: 'node',
    clockOffsetMs: 0,
    by: 'node role',
    tools: [{ name: 'icecore', version: '0.1.0' }],
    lock,
  };
  try {
    return (await sealCapture(await vaultFor(place), await signingKeyFile(key), () => new Date(), input)).captureKey;
  } finally {
    await file.close();
  }
}

const [place, key, path, count] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && place !== undefined && key !== undefined && path !== undefined) {
  const last = Number(count ?? Number.POSITIVE_INFINITY);
  let waits = 0;
  writeSync(1, 'begun\n');
  createHook({
    init(_, type) {
      if (type === 'PROMISE' && ++waits === last) process.kill(process.pid, 'SIGKILL');
    },
  }).enable();
  await sealFile(place, key, path);
  rmSync(path);
  writeSync(1, `${waits}\n`);
  process.exit(0);
}
