import { createHash } from 'node:crypto';
import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { detect, type Detection, examine } from '@icecore/findings';
import { logEntries, planScan, scanAll } from '@icecore/scan';
import { redact, secretKey } from '@icecore/secrets';
import { type ContainerSnapshot, openSnapshot } from '@icecore/snapshot';
import { captureIdOf } from '@icecore/tables';
import { captureView, type CaptureContext, type CaptureView } from './index.ts';

export const testKey = secretKey(Buffer.alloc(32, 7));

/** What a view is made of, so that a test can change a part of it. */
export interface ViewParts {
  readonly snapshot: ContainerSnapshot;
  readonly detection: Detection;
  readonly hits: Parameters<typeof captureView>[2];
  readonly context: CaptureContext;
}

/** Opens, scans and judges an archive as the command does. */
export async function partsOf(bytes: Uint8Array, name: string): Promise<ViewParts> {
  const spool = memorySpool();
  const archive = await openArchive(memorySource(bytes), { spool, name });
  const snapshot = await openSnapshot(archive, { spool });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const captureId = captureIdOf(sha256);
  const { hits, scannedBytes, gaps: unscanned } = await scanAll(await planScan(snapshot, archive), { key: testKey });
  const { examination, gaps } = await examine(snapshot, { captureId, hits, redact: (text) => redact(text, testKey) });
  const logs = logEntries.flatMap((path) => archive.entries.get(path)?.source ?? []);
  const context: CaptureContext = {
    captureId,
    archive: { name, bytes: bytes.length, sha256, compression: archive.compression, wrapping: archive.container },
    key: testKey,
    files: examination.files,
    gaps: [...unscanned, ...gaps],
    scannedBytes,
    logs,
  };
  return { snapshot, detection: detect(examination), hits, context };
}

export async function viewOf(bytes: Uint8Array, name: string): Promise<CaptureView> {
  const { snapshot, detection, hits, context } = await partsOf(bytes, name);
  return captureView(snapshot, detection, hits, context);
}
