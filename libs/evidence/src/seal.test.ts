import { memorySource } from '@icecore/bytes';
import { appendEntry, memoryVault, readLedger, sealCapture, trustIn, verifyCapture } from './index.ts';
import { lock, objectsOf, openLines, sealInput, testCapture, testClock, testSigner } from './capture.test-support.ts';

describe('a sealed capture', () => {
  it.each(['ed25519', 'ecdsa-p256-sha256'] as const)('holds, signed by %s', async (algorithm) => {
    const { vault, sealed, trust } = await testCapture({ signer: testSigner(algorithm) });
    const report = await verifyCapture(vault, sealed.captureKey, trust, { openEntries: openLines });
    expect(report).toMatchObject({ holds: true, checked: { entries: 3, ledgerEntries: 6, side: 1, derived: 1, unchecked: [] } });
    expect((await readLedger(vault, sealed.captureKey)).map(({ action }) => action)).toEqual(['captured', 'hashed', 'uploaded', 'sealed', 'derived', 'accessed']);
  });

  it('is one piece of evidence however often it is sealed', async () => {
    const { vault, signer, sealed } = await testCapture();
    const before = await objectsOf(vault);
    const again = await sealCapture(vault, signer, testClock(), sealInput('c1', { by: 'another', side: [{ name: 'pod.json', kind: 'pod specification', bytes: Buffer.from('grown meanwhile') }] }));
    expect(again).toEqual({ ...sealed, fresh: false });
    expect(await objectsOf(vault)).toEqual(before);
  });

  it('is one piece of evidence also where eight seal it at once', async () => {
    const vault = memoryVault();
    const signer = testSigner();
    const sealed = await Promise.all(Array.from({ length: 8 }, () => sealCapture(vault, signer, testClock(), sealInput())));
    expect(sealed.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(await verifyCapture(vault, sealed[0]!.captureKey, trustIn(signer), { openEntries: openLines })).toMatchObject({ holds: true, checked: { ledgerEntries: 4 } });
  });

  it('goes on after any object was the last that was stored', async () => {
    const signer = testSigner();
    for (let left = 0; ; left += 1) {
      const inner = memoryVault();
      let puts = 0;
      const breaking = { ...inner, put: async (...given: Parameters<typeof inner.put>) => (puts++ < left ? inner.put(...given) : Promise.reject(new Error('the power went'))) };
      const whole = await sealCapture(breaking, signer, testClock(), sealInput()).then(() => true, () => false);
      const { captureKey } = await sealCapture(inner, signer, testClock(), sealInput());
      expect(await verifyCapture(inner, captureKey, trustIn(signer), { openEntries: openLines })).toMatchObject({ holds: true });
      const heads: string[] = [];
      for await (const { key } of inner.list(`${captureKey}heads/`)) heads.push(key);
      expect(heads).toHaveLength(4);
      if (whole) break;
      expect(left).toBeLessThan(20);
    }
  });

  it('is refused where the vault holds other bytes under its key', async () => {
    const { vault, signer } = await testCapture();
    const other = sealInput('c1', { archive: memorySource(Buffer.from('something else')) });
    await expect(sealCapture(vault, signer, testClock(), other)).rejects.toMatchObject({ code: 'mismatch' });
  });
});

describe('a ledger', () => {
  it('keeps every entry of many writers', async () => {
    const { vault, sealed, writer, trust } = await testCapture();
    const tool = { name: 'icecore', version: '0.1.0' };
    await Promise.all(Array.from({ length: 8 }, (_, i) => appendEntry(writer, sealed.captureKey, () => ({ action: 'accessed', actor: { type: 'person', id: `p${i}` }, tool, subjects: [], reason: 'reading' }))));
    const ledger = await readLedger(vault, sealed.captureKey);
    expect(new Set(ledger.slice(6).map(({ actor }) => actor.id)).size).toBe(8);
    expect(await verifyCapture(vault, sealed.captureKey, trust, { openEntries: openLines })).toMatchObject({ holds: true });
    expect(lock.held).toBe(false);
  });
});
