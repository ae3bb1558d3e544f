import { type EntryProof, entryProofFault, entryProofText, parseEntryProof, proveEntry, trustIn } from './index.ts';
import { testCapture, testSigner } from './capture.test-support.ts';

const { vault, sealed, trust } = await testCapture();
const other = await testCapture({ captureId: 'c2' });
const proof = await proveEntry(vault, sealed.captureKey, 'checkpoint/core-1.img');
const foreign = await proveEntry(other.vault, other.sealed.captureKey, 'config.dump');
const changed = (change: Partial<EntryProof>): EntryProof => ({ ...proof, ...change });

describe('a proof of one entry', () => {
  it('holds by itself for each entry, and tells nothing of the others but their count', async () => {
    for (const { path } of sealed.manifest.entries) {
      const text = entryProofText(await proveEntry(vault, sealed.captureKey, path));
      expect(entryProofFault(parseEntryProof(text), trust)).toBeUndefined();
      for (const each of sealed.manifest.entries) if (each.path !== path) expect([text.includes(each.path), text.includes(each.sha256)]).toEqual([false, false]);
    }
  });

  it.each<[string, EntryProof]>([
    ['another path', changed({ entry: { ...proof.entry, path: 'checkpoint/core-2.img' } })],
    ['another size', changed({ entry: { ...proof.entry, bytes: 7 } })],
    ['another hash', changed({ entry: { ...proof.entry, sha256: '0'.repeat(64) } })],
    ['another place', changed({ index: 0 })],
    ['another count', changed({ count: 4 })],
    ['another way', changed({ path: [...proof.path].reverse() })],
    ['a shorter way', changed({ path: proof.path.slice(1) })],
    ['another root', changed({ root: '0'.repeat(64) })],
    ['another capture', changed({ captureKey: other.sealed.captureKey })],
    ['another reason in the ledger', changed({ hashed: { ...proof.hashed, reason: 'none' } })],
    ['the ledger of another capture', changed({ hashed: foreign.hashed })],
  ])('does not hold with %s', (_, forged) => {
    expect(entryProofFault(forged, trust)).toEqual(expect.any(String));
  });

  it('believes no key but those it is told to', () => {
    expect(entryProofFault(proof, trustIn(testSigner()))).toContain('not trusted');
  });

  it('is refused for what the archive does not have, and for what is no proof', async () => {
    await expect(proveEntry(vault, sealed.captureKey, 'nothing')).rejects.toMatchObject({ code: 'missing' });
    await expect(proveEntry(vault, other.sealed.captureKey, 'config.dump')).rejects.toMatchObject({ code: 'missing' });
    expect(() => parseEntryProof('{}')).toThrow();
  });
});
