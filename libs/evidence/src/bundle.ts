import { type ByteSource, memorySource } from '@icecore/bytes';
import { canonicalJson } from './canonical-json.ts';
import { caseDocument } from './case-uco.ts';
import { VaultError } from './errors.ts';
import { sha256OfSource } from './hashing.ts';
import { objectKeys } from './layout.ts';
import { readLedger, readRecord } from './ledger.ts';
import { ledgerEndsText } from './ledger-ends.ts';
import { parseManifest } from './manifest.ts';
import type { Trust } from './signing.ts';
import type { EvidenceVault } from './vault.ts';
import { verifyInstructions } from './verify-instructions.ts';

/** Where things are in a bundle. */
export const bundlePaths = { evidence: 'evidence', trust: 'trust.json', heads: 'heads.json', case: 'case.jsonld', instructions: 'VERIFY.md', sums: 'SHA256SUMS' } as const;

/** A file of a bundle, by its path in it. */
export interface BundleFile {
  readonly path: string;
  readonly source: ByteSource;
}

/**
 * The files of a case bundle: every object of the captures, the public keys, the ledgers' ends, a CASE/UCO document, and
 * how to check it all with and without icecore. The same captures give the same bytes. `SHA256SUMS` comes last.
 */
export async function* caseBundle(vault: EvidenceVault, captures: readonly string[], trust: Trust): AsyncGenerator<BundleFile> {
  const sums: string[] = [];
  const told: Parameters<typeof caseDocument>[0][number][] = [];
  for (const captureKey of [...captures].sort()) {
    const manifest = await readRecord(vault, objectKeys.manifest(captureKey));
    if (manifest === undefined) throw new VaultError('missing', captureKey, 'the vault has no such capture, or one that was not sealed');
    told.push({ captureKey, manifest: parseManifest(manifest), ledger: await readLedger(vault, captureKey) });
    for await (const { key } of vault.list(captureKey)) {
      const source = await vault.open(key);
      const path = `${bundlePaths.evidence}/${key}`;
      sums.push(`${await sha256OfSource(source)}  ${path}`);
      yield { path, source };
    }
  }
  const heads = told.map(({ captureKey, ledger }) => ({ captureKey, seq: ledger.length, head: ledger.at(-1)?.hash ?? null }));
  const texts: [string, string][] = [
    [bundlePaths.trust, `${canonicalJson(trust)}\n`],
    ...trust.keys.map(({ publicKey }, i): [string, string] => [`keys/${i + 1}.pem`, publicKey]),
    ...trust.timestampAuthorities.map((certificate, i): [string, string] => [`authorities/${i + 1}.pem`, certificate]),
    [bundlePaths.heads, ledgerEndsText(heads)],
    [bundlePaths.case, `${JSON.stringify(caseDocument(told), undefined, 2)}\n`],
    [bundlePaths.instructions, verifyInstructions],
  ];
  for (const [path, text] of texts) {
    const source = memorySource(new TextEncoder().encode(text));
    sums.push(`${await sha256OfSource(source)}  ${path}`);
    yield { path, source };
  }
  yield { path: bundlePaths.sums, source: memorySource(new TextEncoder().encode(`${sums.sort().join('\n')}\n`)) };
}
