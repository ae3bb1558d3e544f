import { generateKeyPairSync, sign } from 'node:crypto';
import { type ByteSource, memorySource, readAll } from '@icecore/bytes';
import {
  appendEntry, type ContainedEntry, type EvidenceVault, keyIdOf, type LedgerWriter, memoryVault, objectKeys, recordDerivation, sealCapture, type SealedCapture,
  type SealInput, type Signer, type TimestampAuthority, type Trust, trustIn, verifyCapture, type VerifyOptions, type VerifyReport,
} from './index.ts';

export function testSigner(algorithm: Signer['algorithm'] = 'ed25519'): Signer {
  const { privateKey, publicKey } = algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    keyId: keyIdOf(publicKey),
    algorithm,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: async (bytes) => sign(algorithm === 'ed25519' ? null : 'sha256', bytes, privateKey),
  };
}

const begin = Date.parse('2026-03-01T10:00:00.000Z');
/** A clock that goes a second on each time it is asked. */
export function testClock(): () => Date {
  let ticks = 0;
  return () => new Date(begin + 1000 * ticks++);
}

/** An archive of lines `path content`: enough of a format to have entries. */
export function lineEntries(bytes: Uint8Array): ContainedEntry[] {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  return lines.map((line) => {
    const [rawPath = '', ...rest] = line.split(' ');
    return { rawPath, type: 'file', source: memorySource(Buffer.from(rest.join(' '), 'latin1')) };
  });
}

export const openLines: NonNullable<VerifyOptions['openEntries']> = async (source: ByteSource) => lineEntries(await readAll(source));

export const lock = { retainUntil: new Date('2099-01-01T00:00:00.000Z'), held: false };

export function sealInput(captureId = 'c1', more: Partial<SealInput> = {}): SealInput {
  const archive = Buffer.from(`checkpoint/inventory.img ${captureId} one\ncheckpoint/core-1.img two\nconfig.dump three`);
  return {
    captureId,
    archive: memorySource(archive),
    entries: lineEntries(archive),
    gaps: [{ code: 'not_captured', subject: 'processes started by exec', reason: 'they do not descend from the first' }],
    side: [{ name: 'pod.json', kind: 'pod specification', bytes: Buffer.from(`{"pod":"${captureId}"}`) }],
    where: { account: 'local', cluster: 'lab', node: 'n1', namespace: 'shop', pod: 'web-1', podUid: 'u', container: 'web', containerId: 'abc', image: 'web:1', imageDigest: null },
    why: { alert: 'a1', policy: 'p/r', case: null, reason: 'Terminal shell in container' },
    takenAt: new Date(begin),
    timeSource: 'archive',
    clockOffsetMs: 12,
    by: 'icecore on n1',
    tools: [{ name: 'icecore', version: '0.1.0' }],
    lock,
    ...more,
  };
}

/** A sealed capture with a derived file, and an access in its ledger. */
export interface TestCapture {
  readonly vault: EvidenceVault;
  readonly signer: Signer;
  readonly trust: Trust;
  readonly writer: LedgerWriter;
  readonly sealed: SealedCapture;
}

export async function testCapture(options: { captureId?: string; signer?: Signer; vault?: EvidenceVault; authority?: TimestampAuthority; certificates?: string[] } = {}): Promise<TestCapture> {
  const { vault = memoryVault(testClock()), signer = testSigner(), authority } = options;
  const clock = testClock();
  const sealed = await sealCapture(vault, signer, clock, sealInput(options.captureId, authority === undefined ? {} : { timestampAuthority: authority }));
  const writer = { vault, signer, clock, lock };
  const { archive } = sealed.manifest;
  const tool = { name: 'icecore', version: '0.1.0' };
  const actor = { type: 'program', id: 'icecore' } as const;
  await recordDerivation(writer, sealed.captureKey, { name: 'processes.parquet', bytes: Buffer.from(`table of ${options.captureId}`), parents: [{ key: archive.key, sha256: archive.sha256 }], tool, actor, reason: 'tables' });
  await appendEntry(writer, sealed.captureKey, () => ({ action: 'accessed', actor: { type: 'person', id: 'ann' }, tool, subjects: [], reason: 'reading' }));
  return { vault, signer, trust: { ...trustIn(signer), timestampAuthorities: options.certificates ?? [] }, writer, sealed };
}

/** All objects of a vault by key. */
export async function objectsOf(vault: EvidenceVault): Promise<Map<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>();
  for await (const { key } of vault.list('')) objects.set(key, Uint8Array.from(await readAll(await vault.open(key))));
  return objects;
}

export async function vaultOf(objects: ReadonlyMap<string, Uint8Array>): Promise<EvidenceVault> {
  const vault = memoryVault(testClock());
  for (const [key, bytes] of objects) await vault.put(key, memorySource(bytes), { lock });
  return vault;
}

export async function verified(objects: ReadonlyMap<string, Uint8Array>, capture: string, trust: Trust, options: VerifyOptions = {}): Promise<VerifyReport> {
  return verifyCapture(await vaultOf(objects), capture, trust, { openEntries: openLines, ...options });
}

export { objectKeys };
