import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckpointArchive, openArchive } from '@icecore/archive';
import { detect, examine, type Finding, type NodeProcess } from '@icecore/findings';
import { fileSource, folderSpool } from '@icecore/local';
import { emptyWatchList, planScan, scanAll } from '@icecore/scan';
import { redact, secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';

/** Opens a capture of the lab as any archive, scans it, and asks every detector. */
export async function examineCapture(folder: string, id: string): Promise<readonly Finding[]> {
  const path = join(folder, 'archive.tar.zst');
  const spool = folderSpool();
  const key = secretKey(randomBytes(32));
  const nodeProcesses: NodeProcess[] = JSON.parse(readFileSync(join(folder, 'node-processes.json'), 'utf8'));
  const dumpLog = readFileSync(join(folder, 'dump.log'), 'utf8');
  // A refused dump leaves no archive; the detectors then have its log alone.
  const dumped = existsSync(path);
  const archive = dumped ? await openArchive(await fileSource(path), { spool, name: id }) : nothing;
  const snapshot = await openSnapshot(archive, { spool });
  const scan = await scanAll(await planScan(snapshot, archive), { key, watch: emptyWatchList });
  const { examination } = await examine(snapshot, { captureId: id, hits: scan.hits, ...(dumped ? { nodeProcesses } : {}), dumpLog, redact: (text) => redact(text, key) });
  return detect(examination).findings;
}

const nothing: CheckpointArchive = {
  compression: 'none',
  container: 'tar',
  size: 0,
  entries: new Map(),
  gaps: [],
  imagesPrefix: 'checkpoint/',
  images: () => new Map(),
  annotations: new Map(),
};
