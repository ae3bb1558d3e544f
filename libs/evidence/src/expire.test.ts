import { appendEntry, type CustodyContext, custodyActions, expireCapture, holdCapture, memoryVault, objectKeys, readLedger, recordAct, recordDerived, verifyCapture, type VerifyReport } from './index.ts';
import { lock, openLines, type TestCapture, testCapture } from './capture.test-support.ts';

let now = new Date();
const begin = new Date();
const afterLock = new Date(lock.retainUntil.getTime() + 1000);

/** A capture in a vault whose clock can be turned. */
async function sealed(): Promise<TestCapture & { readonly context: CustodyContext; readonly verify: () => Promise<VerifyReport> }> {
  now = begin;
  const made = await testCapture({ vault: memoryVault(() => now) });
  const { vault, signer, trust, sealed: { captureKey } } = made;
  const context: CustodyContext = { signer, clock: () => now, actor: { type: 'person', id: 'ann' }, tool: { name: 'icecore', version: '0.1.0' }, reason: 'its time has come' };
  return { ...made, context, verify: () => verifyCapture(vault, captureKey, trust, { openEntries: openLines }) };
}

async function keysBelow({ vault, sealed: { captureKey } }: TestCapture): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of vault.list(captureKey)) keys.push(key.slice(captureKey.length).replace(/\d{8}/, 'N'));
  return [...new Set(keys)];
}

describe('a capture whose lock has ended', () => {
  it('lets its evidence go, keeps what tells of it, and holds', async () => {
    const made = await sealed();
    const { vault, sealed: { captureKey, manifest }, context, verify } = made;
    now = afterLock;
    expect(await expireCapture(vault, captureKey, context)).toEqual([objectKeys.archive(captureKey), objectKeys.side(captureKey, 'pod.json'), objectKeys.derived(captureKey, 'processes.parquet')]);
    expect(await keysBelow(made)).toEqual(['heads/N.json', 'ledger/N.json', 'manifest.json']);
    expect((await readLedger(vault, captureKey)).at(-1)).toMatchObject({ action: 'expired', reason: 'its time has come', subjects: expect.arrayContaining([{ key: objectKeys.archive(captureKey), sha256: manifest.archive.sha256 }]) });
    expect(await verify()).toMatchObject({ holds: true, checked: { entries: 0, derived: 0, unchecked: [expect.stringContaining('archive.tar: expired'), expect.stringContaining('pod.json: expired'), expect.stringContaining('processes.parquet: expired')] } });
  });

  it('goes once, also where it was broken off after any step', async () => {
    for (let left = 0; left < 4; left += 1) {
      const made = await sealed();
      const { vault, sealed: { captureKey }, context, verify } = made;
      now = afterLock;
      let steps = 0;
      const breaking = { ...vault, expire: async (key: string) => (steps++ < left ? vault.expire?.(key) : Promise.reject(new Error('the power went'))) };
      await expireCapture(breaking, captureKey, context).catch(() => undefined);
      expect(await verify()).toMatchObject({ holds: true });
      await expireCapture(vault, captureKey, context);
      expect(await keysBelow(made)).toEqual(['heads/N.json', 'ledger/N.json', 'manifest.json']);
      expect((await readLedger(vault, captureKey)).filter(({ action }) => action === 'expired')).toHaveLength(1);
      expect(await verify()).toMatchObject({ holds: true });
    }
  });

  it('does not go before its lock has ended, nor while any of it is held, nor where something was taken from it', async () => {
    const { vault, sealed: { captureKey }, context } = await sealed();
    await expect(expireCapture(vault, captureKey, context)).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('is locked until') });
    now = afterLock;
    await vault.hold(objectKeys.side(captureKey, 'pod.json'), true);
    await expect(expireCapture(vault, captureKey, context)).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('is held') });
    await vault.hold(objectKeys.side(captureKey, 'pod.json'), false);
    await vault.expire?.(objectKeys.archive(captureKey));
    await expect(expireCapture(vault, captureKey, context)).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining('nothing says that it expired') });
    expect((await readLedger(vault, captureKey)).some(({ action }) => action === 'expired')).toBe(false);
  });

  it('is left to a store that expires by a rule of its own, and holds before and after that', async () => {
    const { vault, sealed: { captureKey, manifest }, context, verify } = await sealed();
    now = afterLock;
    const { expire, ...byRule } = vault;
    await expireCapture(byRule, captureKey, context);
    expect(await verify()).toMatchObject({ holds: true, checked: { entries: 3 } });
    await expire?.(manifest.archive.key);
    expect(await verify()).toMatchObject({ holds: true, checked: { entries: 0 } });
  });
});

describe('what verify makes of acts', () => {
  it('knows each act that a ledger can have, all written by what does it', async () => {
    const { vault, sealed: { captureKey, manifest: { archive } }, context, writer, verify } = await sealed();
    const { key, sha256 } = archive;
    const { actor, tool } = context;
    await recordDerived(writer, captureKey, { action: 'verified', subjects: [{ key, sha256 }], parents: [], actor, tool, reason: 'every byte' });
    await recordDerived(writer, captureKey, { action: 'decoded', subjects: [{ key: 'v1/processes/p.parquet', sha256 }], parents: [{ key, sha256 }], actor, tool, reason: 'tables' });
    await holdCapture(vault, captureKey, true, context);
    for (const act of ['accessed', 'exported', 'replicated'] as const) await recordAct(vault, captureKey, act, context);
    expect(await verify()).toMatchObject({ holds: true });
    await holdCapture(vault, captureKey, false, context);
    now = afterLock;
    await expireCapture(vault, captureKey, context);
    expect(await verify()).toMatchObject({ holds: true });
    const written = new Set((await readLedger(vault, captureKey)).map(({ action }) => action));
    expect([...custodyActions].filter((action) => !written.has(action))).toEqual([]);
  });

  it('finds a hold that was taken off with no word', async () => {
    const { vault, sealed: { captureKey }, context, verify } = await sealed();
    await holdCapture(vault, captureKey, true, context);
    expect(await verify()).toMatchObject({ holds: true });
    await vault.hold(objectKeys.archive(captureKey), false);
    expect(await verify()).toMatchObject({ holds: false, place: objectKeys.archive(captureKey), reason: 'is not held, and entry 7 of its ledger says that it is' });
  });

  it.each([
    ['is about another archive', { action: 'verified', other: true }, /and the manifest says/],
    ['says that it expired while it was held', { action: 'expired', other: false }, /while it was held, by entry 7/],
  ] as const)('finds an entry that %s, however well it is signed', async (_, { action, other }, reason) => {
    const { vault, sealed: { captureKey, manifest: { archive } }, context, writer, verify } = await sealed();
    const { actor, tool } = context;
    await holdCapture(vault, captureKey, true, context);
    await appendEntry(writer, captureKey, () => ({ action, actor, tool, subjects: [{ key: archive.key, sha256: other ? '0'.repeat(64) : archive.sha256 }], reason: 'forged' }));
    expect(await verify()).toMatchObject({ holds: false, place: objectKeys.entry(captureKey, 8), reason: expect.stringMatching(reason) });
  });

  it('finds an archive that is gone where the entry that says so names another hash', async () => {
    const { vault, sealed: { captureKey, manifest: { archive } }, context, writer, verify } = await sealed();
    const { actor, tool } = context;
    await appendEntry(writer, captureKey, () => ({ action: 'expired', actor, tool, subjects: [{ key: archive.key, sha256: '0'.repeat(64) }], reason: 'forged' }));
    now = afterLock;
    await vault.expire?.(archive.key);
    expect(await verify()).toMatchObject({ holds: false, place: archive.key, reason: expect.stringContaining('no such object') });
  });
});
