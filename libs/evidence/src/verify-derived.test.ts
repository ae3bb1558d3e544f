import { memorySource } from '@icecore/bytes';
import { type CustodySubject, readLedger, recordDerived, VaultError, verifyCapture, type VerifyOptions, type VerifyReport } from './index.ts';
import { sha256Hex } from './hashing.ts';
import { openLines, testCapture } from './capture.test-support.ts';

const part = 'v1/findings/tenant=default/dt=2026-03-01/c1-00000.parquet';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const actor = { type: 'program', id: 'icecore' } as const;

/** A capture, and a lake with parts that were derived from it. */
async function captureWithLake(...parts: readonly [key: string, content: string, version?: string][]) {
  const { vault, trust, writer, sealed } = await testCapture();
  const { key, sha256 } = sealed.manifest.archive;
  const lake = new Map<string, Uint8Array>();
  for (const [name, content, version = '0.1.0'] of parts) {
    lake.set(name, bytesOf(content));
    await recordDerived(writer, sealed.captureKey, { subjects: [{ key: name, sha256: sha256Hex(content) }], parents: [{ key, sha256 }], tool: { name: 'icecore', version }, actor, reason: 'tables' });
  }
  const openDerived: NonNullable<VerifyOptions['openDerived']> = async (name) => {
    const found = lake.get(name);
    if (found === undefined) throw new VaultError('missing', name, 'the lake has no such file');
    return memorySource(found);
  };
  const verify = (options: VerifyOptions = { openDerived }): Promise<VerifyReport> => verifyCapture(vault, sealed.captureKey, trust, { openEntries: openLines, ...options });
  return { verify, lake, vault, writer, sealed };
}

describe('what was derived into a lake', () => {
  it('holds where the lake has what the ledger says', async () => {
    const { verify } = await captureWithLake([part, 'rows'], [`${part}.2`, 'more rows']);
    expect(await verify()).toMatchObject({ holds: true, checked: { derived: 3, unchecked: [] } });
  });

  it.each([
    ['another bit', (lake: Map<string, Uint8Array>) => void lake.set(part, bytesOf('rowt')), /^is not what was derived: it has another SHA-256/],
    ['no bytes', (lake: Map<string, Uint8Array>) => void lake.set(part, bytesOf('')), /^is not what was derived/],
    ['the bytes of another part', (lake: Map<string, Uint8Array>) => void lake.set(part, lake.get(`${part}.2`) ?? bytesOf('')), /^is not what was derived/],
    ['no file', (lake: Map<string, Uint8Array>) => void lake.delete(part), /^is missing, and the ledger says it was derived/],
  ])('does not hold where it has %s, and the fault names part, program and parent', async (_, change, reason) => {
    const { verify, lake, sealed } = await captureWithLake([part, 'rows', '7.1.0'], [`${part}.2`, 'more rows']);
    change(lake);
    const report = await verify();
    expect(report).toMatchObject({ holds: false, place: part, reason: expect.stringMatching(reason) });
    expect(report).toMatchObject({ reason: expect.stringContaining(`by icecore 7.1.0 from ${sealed.manifest.archive.key} with the SHA-256 ${sealed.manifest.archive.sha256}`), more: [] });
  });

  it('is not looked at where the verifier has no lake, and the report says so', async () => {
    const { verify } = await captureWithLake([part, 'rows']);
    expect(await verify({})).toMatchObject({ holds: true, checked: { derived: 1, unchecked: [expect.stringContaining(`${part}: lies outside of the vault`)] } });
  });

  it('may be derived anew, also to what it was before: the last word counts', async () => {
    const { verify, lake, vault, sealed } = await captureWithLake([part, 'rows', '1.0.0'], [part, 'other rows', '2.0.0'], [part, 'rows', '1.0.0']);
    expect((await readLedger(vault, sealed.captureKey)).filter(({ subjects }) => subjects.some(({ key }) => key === part))).toHaveLength(3);
    expect(await verify()).toMatchObject({ holds: true });
    lake.set(part, bytesOf('other rows'));
    expect(await verify()).toMatchObject({ holds: false, place: part, reason: expect.stringContaining('1.0.0') });
  });

  it('is one entry however often the same is recorded', async () => {
    const { vault, sealed } = await captureWithLake([part, 'rows'], [part, 'rows']);
    expect((await readLedger(vault, sealed.captureKey)).filter(({ subjects }) => subjects.some(({ key }) => key === part))).toHaveLength(1);
  });

  it('may be made from what was derived before, and from nothing else', async () => {
    const { verify, writer, sealed, lake } = await captureWithLake([part, 'rows']);
    const derive = (name: string, parent: CustodySubject): Promise<void> =>
      recordDerived(writer, sealed.captureKey, { subjects: [{ key: name, sha256: sha256Hex(name) }], parents: [parent], tool: { name: 'icecore', version: '1' }, actor, reason: 'a report' });
    for (const name of ['good.html', 'bad.html']) lake.set(name, bytesOf(name));
    await derive('good.html', { key: part, sha256: sha256Hex('rows') });
    expect(await verify()).toMatchObject({ holds: true });
    await derive('bad.html', { key: part, sha256: sha256Hex('rows of another capture') });
    expect(await verify()).toMatchObject({ holds: false, place: expect.stringContaining('ledger/'), reason: expect.stringContaining('not of this capture') });
  });
});
