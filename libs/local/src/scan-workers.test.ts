import { fileURLToPath } from 'node:url';
import { openArchive } from '@icecore/archive';
import { planScan, scanBlocks, type ScanHit } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';
import { fileSource, folderSpool, scanWithWorkers } from './index.ts';

const keyBytes = new Uint8Array(32).fill(7);
const text = (hits: readonly ScanHit[]): string => JSON.stringify(hits, (_name, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value));

describe('a scan in threads', () => {
  it.each(['podman-attack.tar.zst', 'crio-loop.tar'])('of %s gives the same as in one, byte for byte', async (name) => {
    const archivePath = fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url));
    const options = { spool: folderSpool() };
    await using file = await fileSource(archivePath).then((source) => Object.assign(source, { [Symbol.asyncDispose]: () => source.close() }));
    const archive = await openArchive(file, options);
    const plan = await planScan(await openSnapshot(archive, options), archive);
    const alone = await scanBlocks(plan, 0, plan.blockCount, { key: secretKey(keyBytes) });
    const job = { archive: archivePath, parents: [], keyBytes, indicators: '', yaraFiles: [], keySchedules: true };
    for (const workers of [1, 2, 3]) {
      const together = await scanWithWorkers(job, plan.blockCount, { workers });
      expect(text(together.hits)).toBe(text(alone.hits));
      expect(together).toMatchObject({ runs: alone.runs, scannedBytes: plan.totalBytes });
    }
  }, 60_000);

  it('of an archive that is not there is refused', async () => {
    await expect(scanWithWorkers({ archive: '/no/such/archive', parents: [], keyBytes, indicators: '', yaraFiles: [], keySchedules: true }, 1, { workers: 1 })).rejects.toThrow();
  });
});
