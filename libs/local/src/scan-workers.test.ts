import { fileURLToPath } from 'node:url';
import { openArchive } from '@icecore/archive';
import { blockScanner, joinScans, planScan, scanBlocks, type ScanHit } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';
import { fileSource, folderSpool, scanWithWorkers, yaraEngine } from './index.ts';

const keyBytes = new Uint8Array(32).fill(7);
const text = (hits: readonly ScanHit[]): string => JSON.stringify(hits, (_name, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value));

const rules = fileURLToPath(new URL('../../../tools/bench/rules/containers.yar', import.meta.url));

describe('a scan in threads', () => {
  it.each([
    ['podman-attack.tar.zst', 'without YARA', []],
    ['podman-attack.tar.zst', 'with YARA', [rules]],
    ['crio-loop.tar', 'with YARA', [rules]],
  ])('of %s %s gives the same as in one, byte for byte, and so do fifty ranges', async (name, _how, yaraFiles) => {
    const archivePath = fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url));
    const options = { spool: folderSpool() };
    await using file = await fileSource(archivePath).then((source) => Object.assign(source, { [Symbol.asyncDispose]: () => source.close() }));
    const archive = await openArchive(file, options);
    const plan = await planScan(await openSnapshot(archive, options), archive);
    const scanOptions = { key: secretKey(keyBytes), ...(yaraFiles.length === 0 ? {} : { yara: yaraEngine(yaraFiles) }) };
    const alone = await scanBlocks(plan, 0, plan.blockCount, scanOptions);
    if (yaraFiles.length > 0 && name.includes('attack')) expect(alone.hits).toContainEqual(expect.objectContaining({ kind: 'yara', rule: 'Miner_Stratum' }));
    const borders = Array.from({ length: 51 }, (_none, i) => Math.floor((i * plan.blockCount) / 50));
    const ranges = [];
    const scanner = blockScanner(scanOptions);
    for (const [i, first] of borders.slice(0, 50).entries()) ranges.push(await scanBlocks(plan, first, borders[i + 1] ?? 0, { ...scanOptions, scanner }));
    expect(text(joinScans(ranges).hits)).toBe(text(alone.hits));
    // All rules in every block, as they are applied where nothing is known of them.
    const { yara } = scanOptions;
    if (yara !== undefined) expect(text((await scanBlocks(plan, 0, plan.blockCount, { ...scanOptions, yara: { scan: (bytes) => yara.scan(bytes) } })).hits)).toBe(text(alone.hits));
    const job = { archive: archivePath, parents: [], keyBytes, indicators: '', yaraFiles, keySchedules: true };
    for (const workers of [1, 2, 3]) {
      const together = await scanWithWorkers(job, { workers });
      expect(text(together.hits)).toBe(text(alone.hits));
      expect(together).toMatchObject({ runs: alone.runs, scannedBytes: plan.totalBytes });
    }
  }, 120_000);

  it('of an archive that is not there is refused', async () => {
    await expect(scanWithWorkers({ archive: '/no/such/archive', parents: [], keyBytes, indicators: '', yaraFiles: [], keySchedules: true }, { workers: 1 })).rejects.toThrow();
  });
});
