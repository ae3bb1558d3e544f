/*
 * A program that seals a file into a folder vault as an agent on a node does: when the vault has it, the node's copy goes.
 * Usage: node sealing-child.test-support.ts VAULT KEY FILE. Says `begun` when it begins.
 */
import { rmSync, writeSync } from 'node:fs';
import { sliceSource } from '@icecore/bytes';
import { sealCapture, type SealInput } from '@icecore/evidence';
import { fileSource, signingKeyFile, vaultFolder } from './index.ts';

export const takenAt = new Date('2026-03-01T10:00:00.000Z');

export async function sealFile(root: string, key: string, path: string): Promise<string> {
  const archive = await fileSource(path);
  const half = Math.floor(archive.size / 2);
  const input: SealInput = {
    captureId: 'c1',
    archive,
    entries: [
      { rawPath: 'pages-1.img', type: 'file', source: sliceSource(archive, 0, half) },
      { rawPath: 'pages-2.img', type: 'file', source: sliceSource(archive, half, archive.size) },
    ],
    gaps: [],
    side: [{ name: 'pod.json', kind: 'pod specification', bytes: new TextEncoder().encode('{}') }],
    where: { account: 'local', cluster: 'lab', node: 'n1', namespace: null, pod: null, podUid: null, container: null, containerId: null, image: null, imageDigest: null },
    why: { alert: null, policy: null, case: null, reason: null },
    takenAt,
    timeSource: 'node',
    clockOffsetMs: 0,
    by: 'agent',
    tools: [{ name: 'icecore', version: '0.1.0' }],
    lock: { retainUntil: new Date('2099-01-01T00:00:00.000Z'), held: false },
  };
  try {
    return (await sealCapture(vaultFolder(root), await signingKeyFile(key), () => new Date(), input)).captureKey;
  } finally {
    await archive.close();
  }
}

const [root, key, path] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && root !== undefined && key !== undefined && path !== undefined) {
  writeSync(1, 'begun\n');
  await sealFile(root, key, path);
  rmSync(path);
}
