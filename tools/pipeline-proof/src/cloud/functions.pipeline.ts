import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { s3LakeStore, s3Vault } from '@icecore/aws';
import { writeLargeArchive } from '@icecore/bench';
import { readAll } from '@icecore/bytes';
import { type EvidenceVault, objectKeys, readLedger, trustIn, verifyCapture } from '@icecore/evidence';
import type { LakeStore } from '@icecore/lake';
import { analyzeLocally, lakeFolder, signingKeyFile, vaultFolder } from '@icecore/local';
import { environmentNames } from '@icecore/pipeline';
import { contentOf, tool } from '../ports.ts';
import { sealArchive, sealUnopened } from '../sealed.ts';
import { clientOf } from './client.ts';
import { type CloudMachine, cloudMachine, objectCreated, stateMachineArn } from './machine.ts';
import { startServices, type Services, type StartedExecution } from './services.ts';

const endpoint = process.env['ICECORE_S3_ENDPOINT'];
const describeWithServer = endpoint === undefined ? describe.skip : describe;
const samples = join(import.meta.dirname, '../../../../samples');
const folder = mkdtempSync(join(tmpdir(), 'icecore-cloud-'));
const tenant = '333333333333';
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeWithServer('the functions of AWS, over S3', () => {
  let services: Services;
  let machine: CloudMachine;
  let vaultRoot: string;
  let vault: EvidenceVault;
  let lake: LakeStore;
  const client = clientOf(endpoint ?? 'http://127.0.0.1:9');

  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(async () => {
    client.destroy();
    await services[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    const run = randomBytes(4).toString('hex');
    vaultRoot = `${run}/vault`;
    const places = { s3: endpoint ?? '', vault: `s3://evidence/${vaultRoot}`, lake: { bucket: 'lake', prefix: `${run}/lake` }, working: { bucket: 'lake', prefix: `${run}/working` } };
    vault = s3Vault({ client, bucket: 'evidence', prefix: vaultRoot });
    lake = s3LakeStore({ client, ...places.lake });
    machine = cloudMachine(places, services);
  });
  afterEach(() => machine[Symbol.asyncDispose]());

  /** The event of a capture's manifest, as S3 tells EventBridge of it. */
  async function eventOf(capture: string, key = objectKeys.manifest(capture)): Promise<Parameters<CloudMachine['start']['invoke']>[0]> {
    const { VersionId = '', ContentLength = 0, ETag = '' } = await client.send(new HeadObjectCommand({ Bucket: 'evidence', Key: `${vaultRoot}/${key}` }));
    return objectCreated('evidence', `${vaultRoot}/${key}`, { versionId: VersionId, size: ContentLength, etag: ETag.replaceAll('"', '') });
  }

  async function started(capture: string): Promise<StartedExecution> {
    expect(await machine.start.invoke(await eventOf(capture))).toMatchObject({ outcome: 'started' });
    const execution = services.executions.at(-1);
    if (execution === undefined) throw new Error('nothing was started');
    return execution;
  }

  /** The lake of the command's own run over a folder, with the key that KMS gives the tenant. */
  async function embedded(archive: string): Promise<ReadonlyMap<string, string>> {
    const home = mkdtempSync(join(folder, 'embedded-'));
    const [vaultHome, lakeHome, signer] = [join(home, 'vault'), join(home, 'lake'), await signingKeyFile(join(home, 'key.pem'))];
    const capture = await sealArchive(archive, vaultFolder(vaultHome), signer);
    const custody = { vault: vaultFolder(vaultHome), folder: vaultHome, signer: async () => signer };
    const keyBytes = services.mac(`icecore key for secrets of ${tenant}`);
    await (await analyzeLocally({ kind: 'sealed', capture, version: null, parents: [] }, { lake: lakeHome, tenant, cluster: undefined, node: undefined, keyBytes, indicators: '', yaraFiles: [], tool, workers: 2, custody }))[Symbol.asyncDispose]();
    return contentOf(lakeFolder(lakeHome));
  }

  const sealer = (): ReturnType<typeof signingKeyFile> => signingKeyFile(join(folder, 'node.pem'));
  const large = join(folder, 'large.tar');
  beforeAll(() => writeLargeArchive(join(samples, 'podman-loop.tar.zst'), large, 300 * 2 ** 20));

  it.each([...['podman-attack.tar.zst', 'podman-userns.tar.gz', 'crio-loop.tar', 'podman-oci-image.tar'].map((name) => join(samples, name)), large])('write of %s what the command writes, byte for byte, and the ledger holds', async (archive) => {
    const capture = await sealArchive(archive, vault, await sealer());
    const execution = await started(capture);
    const calls: string[] = [];
    const result = await machine.run(execution, { onCall: (step) => calls.push(step) });
    expect([result.status, Object(result).output?.missingBlocks]).toEqual(['succeeded', 0]);
    expect(calls.filter((step) => step === 'scan').length).toBeGreaterThanOrEqual(archive === large ? 3 : 1);
    const written = await contentOf(lake);
    expect(written).toEqual(await embedded(archive));
    expect(written.size).toBeGreaterThan(10);
    const { keyId, publicKey } = services.signingKey;
    const trust = trustIn(await sealer(), { keyId, publicKey, algorithm: 'ecdsa-p256-sha256' });
    expect(await verifyCapture(vault, capture, trust, { openDerived: (path) => lake.open(path) })).toMatchObject({ holds: true, checked: { ledgerEntries: 7 } });
    expect(JSON.parse(services.messages.at(-1) ?? '')).toMatchObject({ kind: 'analyzed', name: execution.name, capture, findings: Object(result).output.findings });
  });

  it('start once for an object version, by a name that tells it, and not for other objects', async () => {
    const capture = await sealArchive(join(samples, 'crio-loop.tar'), vault, await sealer());
    const before = services.executions.length;
    const event = await eventOf(capture);
    const outcomes = await Promise.all([machine.start.invoke(event), machine.start.invoke(event)]);
    expect(outcomes.map((outcome) => Object(outcome).outcome).sort()).toEqual(['already', 'started']);
    expect(services.executions.length).toBe(before + 1);
    expect(services.executions.at(-1)).toMatchObject({ stateMachineArn, name: Object(outcomes[0]).name });
    expect(JSON.parse(services.executions.at(-1)?.input ?? '')).toMatchObject({ tenant, evidence: { kind: 'sealed', capture, parents: [] } });
    for (const key of [objectKeys.archive(capture), objectKeys.entry(capture, 1)]) expect(await machine.start.invoke(await eventOf(capture, key))).toMatchObject({ outcome: 'ignored' });
    expect(await machine.start.invoke(objectCreated('another', `${vaultRoot}/${objectKeys.manifest(capture)}`, { versionId: 'v', size: 1, etag: 'e' }))).toMatchObject({ outcome: 'ignored' });
    expect(services.executions.length).toBe(before + 1);
  });

  it('come to one result where an analysis runs twice at once, and one of its functions is killed', async () => {
    const archive = join(samples, 'podman-attack.tar.zst');
    const capture = await sealArchive(archive, vault, await sealer());
    const execution = await started(capture);
    const retried: string[] = [];
    machine.steps.decode.killNext();
    const results = await Promise.all([0, 1].map(() => machine.run(execution, { onEvent: (event) => void (event.kind === 'retried' && retried.push(`${event.place} ${event.error}`)) })));
    expect(retried).toEqual(['decode Runtime.ExitError']);
    expect(results[0]).toEqual(results[1]);
    expect(await contentOf(lake)).toEqual(await embedded(archive));
    expect((await readLedger(vault, capture)).map(({ action }) => action)).toEqual(['captured', 'hashed', 'uploaded', 'sealed', 'verified', 'decoded', 'derived']);
  });

  it('put what is no archive into quarantine, and tell why, at the first try', async () => {
    const archive = join(folder, 'noise.tar');
    writeFileSync(archive, randomBytes(100_000));
    const capture = await sealUnopened(archive, vault, await sealer());
    const execution = await started(capture);
    const calls: string[] = [];
    const result = await machine.run(execution, { onCall: (step) => calls.push(step) });
    expect(calls).toEqual(['verify', 'inventory', 'quarantine']);
    expect(result).toMatchObject({ status: 'failed', error: 'BadInput', reason: expect.stringContaining('neither a tar nor a known compression') });
    const record = JSON.parse(new TextDecoder().decode(await readAll(await lake.open(`quarantine/tenant=${tenant}/${execution.name}.json`))));
    expect(record).toMatchObject({ error: 'BadInput', reason: expect.stringMatching(/^[^{]*neither a tar nor a known compression/), evidence: { capture } });
    expect(JSON.parse(services.messages.at(-1) ?? '')).toEqual({ kind: 'quarantined', name: execution.name, capture, error: 'BadInput', reason: record.reason });
  });

  it('try again what a service does not answer, and log neither evidence nor secrets', async () => {
    const capture = await sealArchive(join(samples, 'crio-loop.tar'), vault, await sealer());
    services.failNext('SendMessage', 6);
    const execution = await started(capture);
    const retried: string[] = [];
    const result = await machine.run(execution, { onEvent: (event) => void (event.kind === 'retried' && retried.push(`${event.place} ${event.error}`)) });
    expect([result.status, retried]).toEqual(['succeeded', ['publish Unavailable']]);
    const lines = machine.steps.publish.log().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ level: 'ERROR', message: 'publish failed', error: 'Unavailable', execution: execution.name }));
    expect(lines).toContainEqual(expect.objectContaining({ level: 'INFO', message: 'publish is done', execution: execution.name }));
    expect(lines).toContainEqual(expect.objectContaining({ step: 'publish', succeeded: 1, _aws: expect.anything() }));
  });

  it('say which variable of their environment is missing', async () => {
    const places = { s3: endpoint ?? '', vault: 'not a place', lake: { bucket: 'lake', prefix: 'x' }, working: { bucket: 'lake', prefix: 'y' } };
    await using broken = cloudMachine(places, services);
    await expect(broken.steps.verify.invoke({})).rejects.toThrow(environmentNames.vault);
  });
});
