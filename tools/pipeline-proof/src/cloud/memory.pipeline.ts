import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3Vault } from '@icecore/aws';
import { writeLargeArchive } from '@icecore/bench';
import { formatBytes, memorySource } from '@icecore/bytes';
import { objectKeys } from '@icecore/evidence';
import { signingKeyFile, vaultFolder } from '@icecore/local';
import { stepLimits, type StepName, stepNames } from '@icecore/pipeline';
import { lock, sealArchive } from '../sealed.ts';
import { clientOf } from './client.ts';
import { cloudMachine, objectCreated } from './machine.ts';
import { largeStore } from './large-store.ts';
import { startServices } from './services.ts';

/** Memory of the captures that are measured, in gibibytes, the larger one as large as the time of this suite lets it be. */
const sizes = (process.env['ICECORE_PIPELINE_GIB'] ?? '0.125,0.5').split(',').map((gibibytes) => Number(gibibytes) * 2 ** 30);
const samples = join(import.meta.dirname, '../../../../samples');
const folder = mkdtempSync(join(tmpdir(), 'icecore-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Measured {
  readonly peak: Readonly<Partial<Record<StepName, number>>>;
  /** Milliseconds of the longest call. */
  readonly longest: Readonly<Partial<Record<StepName, number>>>;
  readonly calls: number;
}

/** Analyses a capture of so much memory over the functions, and measures each of their processes. */
async function measure(memoryBytes: number): Promise<Measured> {
  await using services = await startServices();
  await using store = await largeStore();
  const archive = join(folder, 'large.tar');
  await writeLargeArchive(join(samples, 'podman-attack.tar.zst'), archive, memoryBytes);
  const sealedIn = join(folder, 'vault');
  const capture = await sealArchive(archive, vaultFolder(sealedIn), await signingKeyFile(join(folder, 'key.pem')));
  rmSync(archive);
  // The manifest and the ledger go to the store by themselves, the archive is served from where it is.
  const vault = s3Vault({ client: clientOf(store.endpoint), bucket: 'evidence', prefix: 'vault' });
  await vault.put(objectKeys.manifest(capture), memorySource(readFileSync(join(sealedIn, objectKeys.manifest(capture)))), { lock });
  for (let seq = 1; seq <= 4; seq++) {
    for (const key of [objectKeys.entry(capture, seq), objectKeys.head(capture, seq)]) await vault.put(key, memorySource(readFileSync(join(sealedIn, key))), { lock });
  }
  await store.serve('evidence', `vault/${objectKeys.archive(capture)}`, join(sealedIn, objectKeys.archive(capture)));
  await using machine = cloudMachine({ s3: store.endpoint, vault: 's3://evidence/vault', lake: { bucket: 'lake', prefix: 'lake' }, working: { bucket: 'lake', prefix: 'working' } }, services);
  await machine.start.invoke(objectCreated('evidence', `vault/${objectKeys.manifest(capture)}`, { versionId: 'v', size: statSync(join(sealedIn, objectKeys.manifest(capture))).size, etag: 'e' }));
  const [execution] = services.executions;
  if (execution === undefined) throw new Error('nothing was started');
  const longest: Partial<Record<StepName, number>> = {};
  const entered = new Map<string, number>();
  let calls = 0;
  const result = await machine.run(execution, {
    onCall: () => (calls += 1),
    onEvent({ kind, place }) {
      const step = stepNames.find((each) => each === place || (each === 'scan' && place.startsWith('scan/')));
      if (step === undefined) return;
      if (kind === 'entered') entered.set(place, performance.now());
      if (kind === 'succeeded') longest[step] = Math.max(longest[step] ?? 0, performance.now() - (entered.get(place) ?? 0));
    },
  });
  if (result.status === 'failed') throw new Error(`${result.error}: ${result.reason}`);
  expect(result.output).toMatchObject({ missingBlocks: 0 });
  rmSync(sealedIn, { recursive: true, force: true });
  return { peak: Object.fromEntries(stepNames.map((step) => [step, machine.steps[step].peakBytes()])), longest, calls };
}

describe('a capture that is larger than the memory of the functions', () => {
  const measured: Measured[] = [];
  beforeAll(async () => {
    for (const size of sizes) measured.push(await measure(size));
    const rows = stepNames.filter((step) => step !== 'quarantine').map((step) => `${step}: ${measured.map(({ peak, longest }) => `${formatBytes(peak[step] ?? 0)}, ${((longest[step] ?? 0) / 1000).toFixed(1)} s`).join('; ')}, of ${stepLimits[step].memoryMiB} MiB`);
    process.stderr.write(`peak memory and longest call, ${sizes.map((size) => formatBytes(size)).join('; ')}:\n  ${rows.join('\n  ')}\n  ${measured.map(({ calls }) => calls).join('; ')} calls\n`);
  });

  it.each(stepNames.filter((step) => step !== 'quarantine'))('is worked on by %s within the memory that it has, with a third to spare', (step) => {
    for (const { peak } of measured) {
      expect(peak[step]).toBeGreaterThan(0);
      expect(peak[step]).toBeLessThan((2 / 3) * stepLimits[step].memoryMiB * 2 ** 20);
    }
  });

  it.each(['verify', 'inventory', 'decode', 'scan', 'publish'] as const)('takes %s no more memory than one of a quarter of its size does', (step) => {
    const [small, large] = measured.map(({ peak }) => peak[step] ?? 0);
    expect(large).toBeLessThan(1.5 * (small ?? 0) + 64 * 2 ** 20);
  });
});
